package io.lull.worker.sharedmemory;

import io.lull.worker.capture.CaptureException;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.colo.MigrationSocket;
import io.lull.worker.colo.SharedRamStream;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Fetches the memory that is in no file, once, by a migration of which nothing else is kept; the guest stands still for it,
 * some 10 ms. To be done while nothing of the worker's writes to the guest's disk: QEMU gives its disks up for that time.
 */
final class MemoryFetch {
    private static final long CONNECT_LIMIT_MILLIS = 2_000;
    private static final long END_LIMIT_MILLIS = 8_000;

    private final QemuOrders qemu;
    private final GuestHold hold;
    private final Path socketPath;
    private final LongSupplier nanoClock;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile OptionalLong heldSinceNanos = OptionalLong.empty();
    private Optional<SocketChannel> channel = Optional.empty();
    private boolean aborted;

    MemoryFetch(QemuOrders qemu, GuestHold hold, Path socketPath, LongSupplier nanoClock) {
        this.qemu = qemu;
        this.hold = hold;
        this.socketPath = socketPath;
        this.nanoClock = nanoClock;
    }

    /** Fetches it into {@code memory}; the guest runs when this returns or throws, unless QEMU does not answer. */
    void fetch(OtherMemory memory, StagingArea staging) throws IOException {
        try (MigrationSocket socket = MigrationSocket.listen(socketPath)) {
            qemu.requireRunning();
            begin();
            try {
                qemu.stop();
                qemu.migrateWithoutShared(socketPath);
                SocketChannel accepted = socket.accept(CONNECT_LIMIT_MILLIS);
                use(accepted);
                new SharedRamStream(accepted, staging, nanoClock).read(memory);
                qemu.awaitMigrated();
            } catch (IOException | RuntimeException e) {
                endAfter(e);
                throw e;
            }
            end();
        } finally {
            ended.countDown();
        }
    }

    private synchronized void begin() throws CaptureException {
        if (aborted) {
            throw new CaptureException("the source was closed");
        }
        heldSinceNanos = OptionalLong.of(nanoClock.getAsLong());
        hold.begin();
    }

    private synchronized void use(SocketChannel accepted) throws IOException {
        channel = Optional.of(accepted);
        if (aborted) {
            accepted.close();
        }
    }

    private void end() throws IOException {
        try {
            closeChannel();
            qemu.endMigration();
        } finally {
            hold.release();
            heldSinceNanos = OptionalLong.empty();
        }
    }

    private void endAfter(Exception failure) {
        // Interrupted, it would wait for no answer of QEMU's, and leave the guest standing still.
        boolean interrupted = Thread.interrupted();
        try {
            end();
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void closeChannel() throws IOException {
        if (channel.isPresent()) {
            channel.get().close();
        }
    }

    /** How long the guest has been standing still for this; 0 when it doesn't. */
    long heldNanos() {
        OptionalLong since = heldSinceNanos;
        return since.isPresent() ? nanoClock.getAsLong() - since.getAsLong() : 0;
    }

    /** Has {@link #fetch} end soon, with an exception. */
    void abort() throws IOException {
        synchronized (this) {
            aborted = true;
        }
        closeChannel();
    }

    /** Waits until {@link #fetch} has ended, and the guest runs; false when that takes too long. */
    boolean awaitEnd() throws InterruptedException {
        return ended.await(END_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    }
}
