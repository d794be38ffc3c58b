package io.lull.local.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the closed-loop client makes of the numbers in its replies. */
class IncrTallyTest {
    private static final long MILLI = 1_000_000;

    @Test
    void anUnbrokenSequenceIsNeitherLostNorDoubled() {
        assertThat(of(7, 8, 9)).isEqualTo(new IncrReport(true, 3, 0, 0, 9, 1));
    }

    @Test
    void eachNumberThatNoReplyBoreIsLost() {
        IncrReport report = of(1, 2, 5, 6, 8);

        assertThat(report.lost()).isEqualTo(3);
        assertThat(report.doubled()).isZero();
    }

    @Test
    void aReplyThatComesAgainIsDoubled() {
        IncrReport report = of(1, 2, 2, 3);

        assertThat(report.doubled()).isEqualTo(1);
        assertThat(report.lost()).isZero();
    }

    @Test
    void aServerThatWentBackInTimeDoublesAReply() {
        assertThat(of(1, 2, 3, 4, 3, 4, 5).doubled()).isEqualTo(1);
    }

    @Test
    void theLongestGapCountsFromTheStartToo() {
        IncrTally tally = new IncrTally(0);
        tally.reply(1, 40 * MILLI);
        tally.reply(2, 50 * MILLI);

        assertThat(tally.report(true).maxGapMillis()).isEqualTo(40);
    }

    private static IncrReport of(long... values) {
        IncrTally tally = new IncrTally(0);
        for (int i = 0; i < values.length; i++) {
            tally.reply(values[i], (i + 1) * MILLI);
        }
        return tally.report(true);
    }
}
