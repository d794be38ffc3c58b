package io.lull.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static LifeReport life(long number, String... violations) {
        var fallen = new LifeReport.Fallen("link-cut", Optional.of("PAUSE"), true, false, 12);
        return new LifeReport(
                number, List.of(fallen), Optional.of("host-lost"), 77, 100, 50, 3_000, 9_000, List.of(violations));
    }

    @Test
    void aCampaignIsCleanWhenNothingWasViolatedAndAllWasJudged() {
        assertThat(new Summary(1, List.of(life(0)), List.of()).clean()).isTrue();
        assertThat(new Summary(1, List.of(life(0), life(1, "INCR lost: 1")), List.of()).clean())
                .isFalse();
        assertThat(new Summary(1, List.of(life(0)), List.of("1: no guest")).clean())
                .isFalse();
    }

    @Test
    void aCampaignOfNoLivesIsNotClean() {
        assertThat(new Summary(1, List.of(), List.of()).clean()).isFalse();
    }

    @Test
    void itSaysHowOftenEachFaultFellAndInWhichPhase() {
        String text = new Summary(1, List.of(life(0), life(1, "INCR lost: 1")), List.of()).text();

        assertThat(text).containsPattern("link-cut +2 +2 +0 +0 +2 +0 +12 / 12");
        assertThat(text)
                .contains(
                        "lives 2 of 9 s (median), 0 without a fault, faults 2 of 1 kinds, 2 of them in a download, replies 200,"
                                + " longest gap 50 ms, broken 0, violations 1");
    }
}
