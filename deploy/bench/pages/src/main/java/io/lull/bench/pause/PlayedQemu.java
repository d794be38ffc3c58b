package io.lull.bench.pause;

import io.lull.bench.pages.PagePairs;
import io.lull.worker.page.PageMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/**
 * Writes checkpoints' pages to a unix socket as QEMU does: 32 pages and their headers in one call, straight from the
 * guest's memory. What QEMU spends on a page besides is spun away.
 */
final class PlayedQemu implements AutoCloseable {
    private static final int PAGES_A_CALL = 32;
    private static final int PAGE_FLAGS = 0x08 | 0x20;
    private static final int END_FLAGS = 0x10;

    private final Path folder;
    private final SocketChannel own;
    private final SocketChannel worker;
    private final ByteBuffer[][] calls;
    private final long callNanos;
    private final Semaphore due = new Semaphore(0);
    private final Thread thread = new Thread(this::play, "bench-qemu");

    /** @param pageNanos spent on each page before it is written */
    PlayedQemu(PagePairs pairs, long pageNanos) throws IOException {
        folder = Files.createTempDirectory("lull-bench-pause-");
        Path path = folder.resolve("stream");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            own = SocketChannel.open(UnixDomainSocketAddress.of(path));
            worker = server.accept();
        }
        callNanos = pageNanos * PAGES_A_CALL;
        calls = new ByteBuffer[(pairs.pages() - 1) / PAGES_A_CALL + 2][];
        for (int call = 0; call < calls.length - 1; call++) {
            calls[call] = call(pairs, call * PAGES_A_CALL);
        }
        calls[calls.length - 1] = new ByteBuffer[] {header(END_FLAGS)};
        thread.start();
    }

    private static ByteBuffer[] call(PagePairs pairs, int first) {
        int count = Math.min(PAGES_A_CALL, pairs.pages() - first);
        ByteBuffer[] parts = new ByteBuffer[2 * count];
        for (int i = 0; i < count; i++) {
            parts[2 * i] = header((long) (first + i) * PageMemory.PAGE_BYTES | PAGE_FLAGS);
            parts[2 * i + 1] = pairs.after().view(first + i);
        }
        return parts;
    }

    private static ByteBuffer header(long word) {
        return ByteBuffer.allocateDirect(Long.BYTES).putLong(0, word);
    }

    /** The worker's end. */
    SocketChannel stream() {
        return worker;
    }

    /** Has it write one checkpoint. */
    void checkpoint() {
        due.release();
    }

    private void play() {
        try {
            while (true) {
                due.acquire();
                for (ByteBuffer[] call : calls) {
                    write(call);
                }
            }
        } catch (InterruptedException | ClosedChannelException e) {
            // It was closed.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(ByteBuffer[] call) throws IOException {
        long endNanos = System.nanoTime() + callNanos;
        while (callNanos > 0 && System.nanoTime() < endNanos) {
            Thread.onSpinWait();
        }
        for (ByteBuffer part : call) {
            part.clear();
        }
        while (call[call.length - 1].hasRemaining()) {
            own.write(call);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        thread.interrupt();
        thread.join();
        own.close();
        worker.close();
        Files.delete(folder.resolve("stream"));
        Files.delete(folder);
    }
}
