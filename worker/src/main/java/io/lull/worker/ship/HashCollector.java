package io.lull.worker.ship;

import io.lull.worker.protocol.Hashes;
import io.lull.worker.protocol.ProtocolException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Sees to it that the pieces of the backup's hashes come in page order, each page once. */
final class HashCollector {
    private final int pages;
    private final Consumer<Hashes> sink;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private int next;

    HashCollector(int pages, Consumer<Hashes> sink) {
        this.pages = pages;
        this.sink = sink;
    }

    void add(Hashes piece) throws ProtocolException {
        if (piece.firstPage() != next || piece.pages() > pages - next) {
            throw new ProtocolException("HASHES of " + piece.pages() + " pages from " + piece.firstPage() + ", expected"
                    + " page " + next + " of " + pages);
        }
        next += piece.pages();
        sink.accept(piece);
        if (next == pages) {
            done.complete(null);
        }
    }

    void fail(String why) {
        done.completeExceptionally(new IOException(why));
    }

    CompletableFuture<Void> done() {
        return done;
    }
}
