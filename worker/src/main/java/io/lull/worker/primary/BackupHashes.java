package io.lull.worker.primary;

import io.lull.worker.capture.StreamLayout;
import io.lull.worker.page.PageHashTable;
import io.lull.worker.page.PageRange;
import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.RamBlock;
import io.lull.worker.ship.BackupLink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Learns at the begin of a session what the backup's image has: the hash of each of its pages. */
final class BackupHashes {
    /** Between two pieces of them. */
    private static final long HASHES_SECONDS = 60;

    private BackupHashes() {}

    /**
     * Sends the layout and collects the hashes.
     *
     * @param seed of them; the backup uses the same
     * @throws IOException when they don't come
     */
    static PageHashTable learn(BackupLink link, StreamLayout layout, long seed) throws IOException {
        PageHashTable table = new PageHashTable(layout.blocks().totalPages(), seed);
        AtomicBoolean wanted = new AtomicBoolean(true);
        AtomicLong pieces = new AtomicLong();
        try {
            Future<Void> all = link.layout(wire(layout), piece -> {
                synchronized (wanted) {
                    if (wanted.get()) {
                        table.importFrom(piece.hashes().duplicate(), new PageRange(piece.firstPage(), piece.pages()));
                        pieces.incrementAndGet();
                    }
                }
            });
            await(all, pieces);
            return table;
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            synchronized (wanted) {
                wanted.set(false);
                table.close();
            }
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("the backup did not send its page hashes: " + e, e);
        }
    }

    /** A large image takes long to hash: the limit holds for each piece. */
    private static void await(Future<Void> all, AtomicLong pieces)
            throws InterruptedException, ExecutionException, TimeoutException {
        while (true) {
            long before = pieces.get();
            try {
                all.get(HASHES_SECONDS, TimeUnit.SECONDS);
                return;
            } catch (TimeoutException e) {
                if (pieces.get() == before) {
                    throw e;
                }
            }
        }
    }

    private static Layout wire(StreamLayout layout) {
        List<RamBlock> blocks = new ArrayList<>();
        layout.blocks().blocks().forEach(block -> blocks.add(new RamBlock(block.name(), block.byteLength())));
        return new Layout(layout.ramSectionId(), ByteBuffer.wrap(layout.configuration()), blocks);
    }
}
