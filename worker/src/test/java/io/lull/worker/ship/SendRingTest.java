package io.lull.worker.ship;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.page.ChunkCodec;
import io.lull.worker.page.EncodedChunk;
import io.lull.worker.protocol.Bye;
import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.protocol.FrameReader;
import io.lull.worker.qemu.Await;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class SendRingTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());

    @Test
    void keepsFramesWholeAndInOrderAroundItsEnd() throws Exception {
        System.out.println("SendRingTest: -Dlull.seed=" + SEED);
        Random random = new Random(SEED);
        SendRing ring = new SendRing(SendRing.MIN_BYTES);
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        int frames = 400;
        CompletableFuture<Void> producer = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < frames; i++) {
                putQuietly(ring, write(i, 1 + random.nextInt(20_000)));
            }
        });
        while (!producer.isDone() || ring.backlogBytes() > 0) {
            for (ByteBuffer part : ring.peek(TimeUnit.MILLISECONDS.toNanos(1), 1 + random.nextInt(100_000))) {
                while (part.hasRemaining()) {
                    byte[] bytes = new byte[1 + random.nextInt(part.remaining())];
                    part.get(bytes);
                    taken.writeBytes(bytes);
                    ring.release(bytes.length);
                }
            }
        }
        producer.get(1, TimeUnit.SECONDS);

        FrameReader reader = new FrameReader(Channels.newChannel(new ByteArrayInputStream(taken.toByteArray())));
        for (int i = 0; i < frames; i++) {
            Frame frame = reader.next().orElseThrow();
            assertThat(frame.header().sequence()).isEqualTo(i);
            FrameReader.checkCrc(frame);
        }
        assertThat(reader.next()).isEqualTo(Optional.empty());
    }

    @Test
    void saysWhenWhatWasQueuedAtAMomentHasBeenTaken() throws Exception {
        SendRing ring = new SendRing(SendRing.MIN_BYTES);
        assertThat(ring.soFarTaken().getAsBoolean()).as("nothing was queued").isTrue();
        ring.put(write(0, 1000));
        BooleanSupplier first = ring.soFarTaken();
        long firstBytes = ring.backlogBytes();
        ring.put(write(1, 1000));

        ring.release(firstBytes - 1);
        assertThat(first.getAsBoolean()).isFalse();
        ring.release(1);
        assertThat(first.getAsBoolean()).as("what came later doesn't count").isTrue();
    }

    @Test
    void offersOnlyWhereThereIsRoomAtOnce() {
        SendRing ring = new SendRing(SendRing.MIN_BYTES);
        Frame large = write(0, DiskWrite.MAX_DATA_BYTES);
        assertThat(ring.offer(large)).isTrue();
        long frameBytes = ring.backlogBytes();
        while (ring.backlogBytes() + frameBytes <= SendRing.MIN_BYTES) {
            assertThat(ring.offer(large)).isTrue();
        }
        long full = ring.backlogBytes();
        assertThat(ring.offer(large)).isFalse();
        assertThat(ring.backlogBytes()).isEqualTo(full);
        ring.release(frameBytes);
        assertThat(ring.offer(large)).isTrue();
        ring.close();
        assertThat(ring.offer(write(1, 1))).isFalse();
    }

    @Test
    void aFullRingBlocksAndClosingFreesTheWaiter() throws Exception {
        SendRing ring = new SendRing(SendRing.MIN_BYTES);
        Frame large = write(0, DiskWrite.MAX_DATA_BYTES);
        assertThat(ring.put(large)).isTrue();
        long frameBytes = ring.backlogBytes();
        while (ring.backlogBytes() + frameBytes <= SendRing.MIN_BYTES) {
            assertThat(ring.put(large)).isTrue();
        }
        CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(() -> putQuietly(ring, large));

        assertThat(ring.peek(1, Long.MAX_VALUE)).isNotEmpty();
        assertThat(second).isNotDone();
        ring.close();

        assertThat(second.get(5, TimeUnit.SECONDS)).isFalse();
        assertThat(ring.backlogBytes()).isZero();
        assertThat(ring.put(large)).isFalse();
    }

    /** So that a session can end whose backup takes nothing in. */
    @Test
    void whoWaitsForRoomForSoLongOnlyIsToldThatThereIsNone() throws Exception {
        SendRing ring = new SendRing(SendRing.MIN_BYTES);
        Frame large = write(0, DiskWrite.MAX_DATA_BYTES);
        while (ring.offer(large)) {
            assertThat(ring.backlogBytes()).isPositive();
        }
        long full = ring.backlogBytes();

        assertThat(ring.put(large, TimeUnit.MILLISECONDS.toNanos(20))).isFalse();
        assertThat(ring.backlogBytes()).isEqualTo(full);
        ring.release(full);
        assertThat(ring.put(large, 0)).isTrue();
    }

    private static boolean putQuietly(SendRing ring, Frame frame) {
        try {
            return ring.put(frame);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Frame write(int sequence, int bytes) {
        return new DiskWrite(0, ByteBuffer.allocate(bytes)).frame(1, sequence);
    }

    @Test
    void countsHeadersAndPayloadsAsBacklog() throws InterruptedException {
        SendRing ring = new SendRing(1 << 20);
        ring.put(write(0, 100));

        assertThat(ring.backlogBytes()).isEqualTo(FrameHeader.BYTES + 8 + 100);
    }

    @Test
    void recordsWaitForWhatIsAllowedAndNothingElseDoes() throws InterruptedException {
        SendRing ring = new SendRing(1 << 20);
        ring.put(new Bye("first").frame());
        ring.put(write(0, 1000));
        ring.put(write(1, 1000));
        ring.put(new Bye("last").frame());
        long bye = FrameHeader.BYTES + 2 + 5;
        long record = FrameHeader.BYTES + 8 + 1000;

        assertThat(take(ring, 0)).as("what stands before any record").isEqualTo(bye);
        assertThat(take(ring, 0)).as("a record").isZero();
        assertThat(take(ring, 1)).as("a record is sent whole").isEqualTo(record);
        assertThat(take(ring, record)).as("what stands behind a record").isEqualTo(record + bye - 1);
        assertThat(ring.backlogBytes()).isZero();
    }

    @Test
    void pagesLeaveRoomForADiskWrite() {
        SendRing ring = new SendRing(2 * SendRing.RESERVED_BYTES);
        Frame pages = pages(400_000);
        while (ring.offer(pages)) {
            assertThat(ring.backlogBytes()).isLessThanOrEqualTo(SendRing.RESERVED_BYTES);
        }
        for (int i = 0; i < SendRing.RESERVED_BYTES / (DiskWrite.MAX_DATA_BYTES + 100); i++) {
            assertThat(ring.offer(write(i, DiskWrite.MAX_DATA_BYTES))).isTrue();
        }
    }

    /** A guest that copies a large file writes more than the link carries, for as long as it likes. */
    @Test
    void pagesHaveTheirTurnHoweverMuchIsWrittenToTheDisk() throws Exception {
        SendRing ring = new SendRing(2 * SendRing.RESERVED_BYTES);
        Frame write = write(0, DiskWrite.MAX_DATA_BYTES);
        while (ring.offer(write)) {
            assertThat(ring.backlogBytes()).isPositive();
        }
        for (int turn = 0; turn < 20; turn++) {
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            Thread pages = new Thread(() -> done.complete(putQuietly(ring, pages(400_000))));
            pages.start();
            Await.until("the pages wait", () -> pages.getState() == Thread.State.TIMED_WAITING);
            long passed = 0;
            while (take(ring, 1) > 0 && ring.offer(write)) {
                passed += DiskWrite.MAX_DATA_BYTES;
                assertThat(passed).as("bytes written while pages wait").isLessThan(2L * SendRing.PASSING_BYTES);
            }
            assertThat(passed).as("bytes that pass pages").isGreaterThanOrEqualTo(SendRing.PASSING_BYTES / 2);
            take(ring, 400_000);
            assertThat(done.get(10, TimeUnit.SECONDS)).isTrue();
            while (ring.offer(write)) {
                assertThat(ring.backlogBytes()).isPositive();
            }
        }
    }

    private static Frame pages(int bytes) {
        return PageFrames.frame(new EncodedChunk(ChunkCodec.NONE, 100, bytes, 0, ByteBuffer.allocate(bytes)), 1, 0);
    }

    private static long take(SendRing ring, long recordBytes) throws InterruptedException {
        long bytes = 0;
        for (ByteBuffer part : ring.peek(1, recordBytes)) {
            bytes += part.remaining();
        }
        ring.release(bytes);
        return bytes;
    }
}
