package io.lull.worker.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Chunks cover a checkpoint, and become smaller towards its end. */
class ChunkCutsTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());

    private final ChunkCuts cuts = new ChunkCuts();

    private int[] sizes(int pages, int threads) {
        cuts.cut(pages, threads);
        return IntStream.range(0, cuts.count())
                .map(chunk -> cuts.end(chunk) - cuts.first(chunk))
                .toArray();
    }

    @Test
    void noPageIsLeftOutOrInTwoChunks() {
        System.out.println("ChunkCutsTest: -Dlull.seed=" + SEED);
        Random random = new Random(SEED);
        for (int i = 0; i < 1_000; i++) {
            int pages = random.nextInt(20_000);
            int[] sizes = sizes(pages, 1 + random.nextInt(16));

            assertThat(IntStream.of(sizes).sum()).isEqualTo(pages);
            assertThat(IntStream.of(sizes)).allMatch(size -> size > 0 && size <= ChunkFormat.MAX_PAGES);
        }
    }

    @Test
    void oneThreadTakesAllThatFit() {
        assertThat(sizes(2 * ChunkFormat.MAX_PAGES + 5, 1))
                .containsExactly(ChunkFormat.MAX_PAGES, ChunkFormat.MAX_PAGES, 5);
    }

    @Test
    void severalBeginWithLargeOnesAndEndWithTheLeast() {
        int[] sizes = sizes(4_000, 2);

        assertThat(sizes[0]).isEqualTo(Math.min(ChunkFormat.MAX_PAGES, 4_000 / 6));
        for (int i = 1; i < sizes.length; i++) {
            assertThat(sizes[i]).isLessThanOrEqualTo(sizes[i - 1]);
        }
        assertThat(sizes[sizes.length - 1]).isLessThanOrEqualTo(ChunkCuts.LEAST_PAGES);
    }
}
