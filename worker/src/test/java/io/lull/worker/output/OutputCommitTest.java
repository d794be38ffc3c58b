package io.lull.worker.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The promise itself: a guest that sends at full speed, checkpoints at random moments, releases that lag behind. */
@Timeout(120)
class OutputCommitTest {
    private static final long SEED = 20261123;
    private static final int EPOCHS = 400;
    private static final int MAX_LAG = 3;
    private static final int MAX_ETHERNET_BYTES = 3000;

    private final Object guest = new Object();
    private final AtomicLong released = new AtomicLong();
    private long epoch = 1;
    private long sent;
    private boolean ended;

    @TempDir
    Path directory;

    @Test
    void noFrameLeavesBeforeItsEpochIsReleasedAndNoneIsLostOrSwapped() throws Exception {
        try (QemuSide qemu = new QemuSide(directory)) {
            QemuSide.Ends ends = qemu.connect();
            CompletableFuture<Long> guestEnd = CompletableFuture.supplyAsync(() -> runGuest(ends.out()), this::start);
            CompletableFuture<Long> received = CompletableFuture.supplyAsync(() -> runNetwork(ends.in()), this::start);
            checkpoint(ends.gate());
            long count = guestEnd.get();
            ends.gate().passThrough();
            assertThat(ends.gate().awaitDrained(30_000_000_000L)).isTrue();
            QemuSide.send(ends.out(), Frames.tagged(0, -1, 16));
            assertThat(received.get()).as("seed %d", SEED).isEqualTo(count);
            assertThat(ends.gate().snapshot().droppedPackets()).isZero();
            assertThat(count).isGreaterThan(EPOCHS);
        }
    }

    private void checkpoint(RedirectorGate gate) {
        Random random = new Random(SEED);
        long[] sentAtCut = new long[EPOCHS + 1];
        long releasedPackets = 0;
        for (int n = 1; n <= EPOCHS; n++) {
            for (int spin = random.nextInt(200_000); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            // Holding the lock is the guest's pause.
            synchronized (guest) {
                sentAtCut[n] = sent;
                gate.cut(epoch);
                epoch++;
            }
            long commit = n - random.nextInt(MAX_LAG + 1);
            if (commit > released.get()) {
                released.set(commit);
                releasedPackets += gate.release(commit).orElseThrow().packets();
                // With the order kept, as the network sees it, this is the whole promise.
                assertThat(releasedPackets)
                        .as("epoch %d, seed %d", commit, SEED)
                        .isLessThanOrEqualTo(sentAtCut[(int) commit]);
            }
        }
        synchronized (guest) {
            ended = true;
            released.set(Long.MAX_VALUE);
        }
    }

    private long runGuest(SocketChannel out) {
        Random random = new Random(SEED + 1);
        try {
            while (true) {
                synchronized (guest) {
                    if (ended) {
                        return sent;
                    }
                    QemuSide.send(out, Frames.tagged(epoch, sent, 16 + random.nextInt(MAX_ETHERNET_BYTES)));
                    sent++;
                }
            }
        } catch (IOException e) {
            throw new AssertionError("seed " + SEED, e);
        }
    }

    private long runNetwork(SocketChannel in) {
        try {
            for (long expected = 0; ; expected++) {
                int length =
                        ByteBuffer.wrap(QemuSide.receive(in, Frames.WORD_BYTES)).getInt();
                ByteBuffer frame = ByteBuffer.wrap(QemuSide.receive(in, length));
                long madeIn = frame.getLong(Frames.VNET_HEADER_BYTES);
                long sequence = frame.getLong(Frames.VNET_HEADER_BYTES + Long.BYTES);
                if (sequence < 0) {
                    return expected;
                }
                assertThat(sequence).as("order, seed %d", SEED).isEqualTo(expected);
                assertThat(madeIn).as("epoch, seed %d", SEED).isLessThanOrEqualTo(released.get());
            }
        } catch (IOException e) {
            throw new AssertionError("seed " + SEED, e);
        }
    }

    private void start(Runnable task) {
        Thread thread = new Thread(task, "output-commit-test");
        thread.setDaemon(true);
        thread.start();
    }
}
