package io.lull.worker.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PoorRangesTest {
    private final PoorRanges ranges = new PoorRanges(3 * PoorRanges.RANGE_PAGES);

    @Test
    void givesARangeUpAfterEightPoorChunksInARowAndNoOtherRange() {
        poor(PoorRanges.POOR_AFTER - 1);
        assertThat(ranges.worthTrying(0)).isTrue();
        ranges.tried(0, 1100, 1001);
        assertThat(ranges.worthTrying(0)).isFalse();
        assertThat(ranges.worthTrying(PoorRanges.RANGE_PAGES - 1)).isFalse();
        assertThat(ranges.worthTrying(PoorRanges.RANGE_PAGES)).isTrue();
    }

    @Test
    void aGoodChunkStartsTheCountAgain() {
        poor(PoorRanges.POOR_AFTER - 1);
        ranges.tried(0, 1100, 1000);
        poor(PoorRanges.POOR_AFTER - 1);
        assertThat(ranges.worthTrying(0)).isTrue();
    }

    @Test
    void triesAgainNowAndThenAndTakesARangeBackThatBecameGood() {
        poor(PoorRanges.POOR_AFTER);
        int tries = 0;
        for (int chunk = 0; chunk < 10 * PoorRanges.TRY_EVERY; chunk++) {
            if (ranges.worthTrying(0)) {
                tries++;
                ranges.tried(0, 1000, 1000);
            }
        }
        assertThat(tries).isEqualTo(10);
        ranges.tried(0, 1000, 100);
        assertThat(ranges.worthTrying(0)).isTrue();
    }

    private void poor(int chunks) {
        for (int i = 0; i < chunks; i++) {
            ranges.tried(0, 1000, 1000);
        }
    }
}
