package io.lull.worker.ship;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.protocol.FrameReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
            for (ByteBuffer part : ring.peek(TimeUnit.MILLISECONDS.toNanos(1))) {
                byte[] bytes = new byte[1 + random.nextInt(part.remaining())];
                part.get(bytes);
                taken.writeBytes(bytes);
                ring.release(bytes.length);
                break;
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

        assertThat(ring.peek(1)).isNotEmpty();
        assertThat(second).isNotDone();
        ring.close();

        assertThat(second.get(5, TimeUnit.SECONDS)).isFalse();
        assertThat(ring.backlogBytes()).isZero();
        assertThat(ring.put(large)).isFalse();
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
}
