package io.lull.bench.faults.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PausesTest {
    private static final long LIMIT = 100;

    private final Pauses pauses = new Pauses();

    @Test
    void pausesUpToTheLimitAreFine() {
        pauses.stopped(0);
        pauses.resumed(LIMIT);

        assertThat(pauses.judge(LIMIT, 1_000)).isEmpty();
        assertThat(pauses.count()).isEqualTo(1);
    }

    @Test
    void aLongerOneIsFound() {
        pauses.stopped(0);
        pauses.resumed(LIMIT + 1);

        assertThat(pauses.judge(LIMIT, 1_000)).isPresent();
    }

    @Test
    void onePauseThatGoesOnIsFoundToo() {
        pauses.stopped(0);

        assertThat(pauses.judge(LIMIT, LIMIT)).isEmpty();
        assertThat(pauses.judge(LIMIT, LIMIT + 1)).isPresent();
    }

    @Test
    void whatWeKeptQemuFromGoingOnDoesNotCountInThatPauseAndInNoOther() {
        pauses.stopped(0);
        pauses.excuse(50, 500);
        pauses.resumed(550);
        assertThat(pauses.judge(LIMIT, 1_000)).isEmpty();

        pauses.stopped(600);
        pauses.resumed(800);
        assertThat(pauses.judge(LIMIT, 1_000)).isPresent();
    }

    @Test
    void aPauseThatGoesOnForTooLongAfterWeLetQemuGoIsFound() {
        pauses.excuse(-20, 30);
        pauses.stopped(0);
        pauses.resumed(30 + LIMIT + 1);

        assertThat(pauses.judge(LIMIT, 1_000))
                .hasValueSatisfying(what -> assertThat(what).contains("paused"));
    }
}
