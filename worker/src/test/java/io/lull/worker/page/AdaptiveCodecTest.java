package io.lull.worker.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.page.AdaptiveCodec.Load;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdaptiveCodecTest {
    private static final long GIGABIT = 125_000_000;

    private final AtomicLong backlogBytes = new AtomicLong();
    private final AdaptiveCodec codec = new AdaptiveCodec(backlogBytes::get);

    @Test
    void usesLz4WhileTheLinkIsUnknown() {
        begin(Optional.empty(), 1, true);
        backlogBytes.set(1 << 30);
        assertThat(after(1000)).isEqualTo(ChunkCodec.LZ4);
    }

    @Test
    void beginsWithZstdBelowOneGigabitAThread() {
        begin(Optional.of(2 * GIGABIT - 1000), 2, false);
        assertThat(codec.next()).isEqualTo(ChunkCodec.ZSTD);
    }

    @Test
    void beginsWithLz4HoweverFastTheLinkSeems() {
        begin(Optional.of(100 * GIGABIT), 1, false);
        assertThat(after(1000)).isEqualTo(ChunkCodec.LZ4);
    }

    @Test
    void compressesMoreWhileTheQueueIsLong() {
        begin(Optional.of(10 * GIGABIT), 1, true);
        queue(10 * GIGABIT, 2_100_000);
        assertThat(after(AdaptiveCodec.VERDICTS_FOR_STEP - 1)).isEqualTo(ChunkCodec.LZ4);
        assertThat(codec.next()).isEqualTo(ChunkCodec.ZSTD);
        assertThat(after(1000)).isEqualTo(ChunkCodec.ZSTD);
    }

    @Test
    void compressesLessWhileAnEpochWaitsAndTheLinkIsIdle() {
        begin(Optional.of(10 * GIGABIT), 1, true);
        assertThat(after(AdaptiveCodec.VERDICTS_FOR_STEP - 1)).isEqualTo(ChunkCodec.LZ4);
        assertThat(codec.next()).isEqualTo(ChunkCodec.NONE);
        assertThat(after(1000)).isEqualTo(ChunkCodec.NONE);
    }

    @Test
    void goesHomeOnceNothingWaits() {
        begin(Optional.of(10 * GIGABIT), 1, true);
        assertThat(after(10)).isEqualTo(ChunkCodec.NONE);
        begin(Optional.of(10 * GIGABIT), 1, false);
        assertThat(after(AdaptiveCodec.CALM_CHUNKS - 1)).isEqualTo(ChunkCodec.NONE);
        assertThat(after(AdaptiveCodec.CALM_CHUNKS)).isEqualTo(ChunkCodec.LZ4);
    }

    @Test
    void staysBetweenTheThresholdsWhereItIs() {
        begin(Optional.of(10 * GIGABIT), 1, true);
        queue(10 * GIGABIT, 1_000_000);
        assertThat(after(1000)).isEqualTo(ChunkCodec.LZ4);
    }

    @Test
    void aQueueThatSwingsFromChunkToChunkMovesNothing() {
        begin(Optional.of(10 * GIGABIT), 1, true);
        Set<ChunkCodec> seen = EnumSet.noneOf(ChunkCodec.class);
        for (int i = 0; i < 1000; i++) {
            queue(10 * GIGABIT, i % 2 == 0 ? 0 : 5_000_000);
            seen.add(codec.next());
        }
        assertThat(seen).containsExactly(ChunkCodec.LZ4);
    }

    @Test
    void aShareThatSwingsAroundTheThresholdDoesNotMoveHome() {
        begin(Optional.of(GIGABIT - 1), 1, false);
        for (int i = 0; i < 100; i++) {
            begin(Optional.of(i % 2 == 0 ? GIGABIT * 11 / 10 : GIGABIT * 9 / 10), 1, false);
            assertThat(after(100)).isEqualTo(ChunkCodec.ZSTD);
        }
    }

    private void begin(Optional<Long> bytesPerSecond, int threads, boolean epochWaits) {
        codec.begin(new Load(bytesPerSecond, threads, epochWaits));
    }

    private void queue(long bytesPerSecond, long nanos) {
        backlogBytes.set((long) (bytesPerSecond * (nanos / 1e9)));
    }

    private ChunkCodec after(int chunks) {
        ChunkCodec last = ChunkCodec.NONE;
        for (int i = 0; i < chunks; i++) {
            last = codec.next();
        }
        return last;
    }
}
