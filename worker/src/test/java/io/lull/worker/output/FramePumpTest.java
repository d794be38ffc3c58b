package io.lull.worker.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FramePumpTest {
    @Test
    void keepsTheFirstFramesThatFitWholeAndInOrderInWellFilledMemory() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            List<byte[]> frames = new ArrayList<>();
            for (int i = 0; i < 1500; i++) {
                frames.add(Frames.random(random, true, i % 50 == 0 ? 65_000 : 1500));
            }
            KeepingSome intake = new KeepingSome(random);
            FramePump pump = new FramePump(
                    trickle(Frames.join(frames), random), new GateFrames(true), intake, new ChunkPool(), () -> 0);
            assertThatThrownBy(pump::run).isInstanceOf(GateException.class).hasMessageContaining("closed");

            assertThat(intake.seen)
                    .as("seed %d", seed)
                    .usingElementComparator(Arrays::compare)
                    .isEqualTo(frames);
            assertThat(intake.keptFrames())
                    .as("seed %d", seed)
                    .usingElementComparator(Arrays::compare)
                    .isEqualTo(intake.expected);
            long keptBytes = intake.kept.stream().mapToLong(Block::bytes).sum();
            assertThat(intake.chunks().size())
                    .as("chunks for %d bytes, seed %d", keptBytes, seed)
                    .isLessThanOrEqualTo((int) (keptBytes / (Chunk.BYTES * 0.71)) + 1);
        }
    }

    /** Gives the stream in pieces of random size. */
    private static ReadableByteChannel trickle(byte[] stream, Random random) {
        ByteBuffer left = ByteBuffer.wrap(stream);
        return new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer target) {
                if (!left.hasRemaining()) {
                    return -1;
                }
                int count = Math.min(Math.min(left.remaining(), target.remaining()), 1 + random.nextInt(40_000));
                target.put(left.slice().limit(count));
                left.position(left.position() + count);
                return count;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
    }

    /** Has a random room at each read, often none. */
    private static final class KeepingSome implements FrameIntake {
        final List<byte[]> seen = new ArrayList<>();
        final List<byte[]> expected = new ArrayList<>();
        final List<Block> kept = new ArrayList<>();
        private final List<byte[]> thisRead = new ArrayList<>();
        private final Random random;
        private long room;

        KeepingSome(Random random) {
            this.random = random;
        }

        @Override
        public long roomBytes(long nowNanos) {
            room = random.nextBoolean() ? 0 : random.nextInt(60_000);
            return room;
        }

        @Override
        public void frame(ByteBuffer buffer, int offset, int length, int vnetHeaderBytes, long nowNanos) {
            byte[] frame = new byte[Frames.WORD_BYTES + length];
            buffer.get(offset - Frames.WORD_BYTES, frame);
            seen.add(frame);
            thisRead.add(frame);
        }

        @Override
        public void batch(Block block, Traffic traffic) {
            assertThat(traffic.packets()).isEqualTo(thisRead.size());
            long left = room;
            for (byte[] frame : thisRead) {
                left -= frame.length;
                if (left < 0) {
                    break;
                }
                expected.add(frame);
            }
            thisRead.clear();
            if (block.bytes() > 0) {
                block.retain();
                kept.add(block);
            }
        }

        List<byte[]> keptFrames() {
            List<byte[]> frames = new ArrayList<>();
            for (Block block : kept) {
                ByteBuffer view = block.view();
                while (view.hasRemaining()) {
                    byte[] frame = new byte[Frames.WORD_BYTES + view.getInt(view.position())];
                    view.get(frame);
                    frames.add(frame);
                }
            }
            return frames;
        }

        Set<Chunk> chunks() {
            Set<Chunk> chunks = new HashSet<>();
            kept.forEach(block -> chunks.add(block.chunk()));
            return chunks;
        }
    }
}
