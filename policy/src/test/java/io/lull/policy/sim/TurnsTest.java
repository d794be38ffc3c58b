package io.lull.policy.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final int ALICE = 0;
    private static final int BOB = 1;

    private final Turns turns = new Turns(2);

    @Test
    void aClientAsksAndThenWaits() {
        turns.asked(ALICE, 0);
        assertThat(turns.asking()).isEqualTo(1);
        assertThat(turns.waiting(0)).isZero();

        turns.answered(ALICE, 0);
        assertThat(turns.asking()).isZero();
        assertThat(turns.waiting(0)).isEqualTo(1);
    }

    @Test
    void whatACheckpointUnderWayReleasesWaitsForNoNewOne() {
        turns.asked(ALICE, 0);
        turns.answered(ALICE, 0);
        assertThat(turns.waiting(1)).isZero();
        assertThat(turns.held()).as("until it comes").isEqualTo(1);

        turns.delivered(ALICE);
        assertThat(turns.held()).isZero();
        turns.asked(ALICE, 1);
        turns.answered(ALICE, 1);
        assertThat(turns.waiting(1)).isEqualTo(1);
    }

    @Test
    void whatIsReleasedAtOnceWaitsNoMore() {
        turns.asked(ALICE, 0);
        turns.answered(ALICE, 0);
        turns.delivered(ALICE);
        assertThat(turns.waiting(0)).isZero();
        assertThat(turns.held()).isZero();
    }

    @Test
    void aSecondAnswerDoesNotMakeAClientWaitTwice() {
        turns.asked(ALICE, 0);
        turns.answered(ALICE, 0);
        turns.answered(ALICE, 0);
        assertThat(turns.waiting(0)).isEqualTo(1);
        assertThat(turns.held()).isEqualTo(1);
    }

    @Test
    void oneThatAsksAnewBeforeItHasItsAnswerNeverCounts() {
        turns.asked(ALICE, 0);
        turns.answered(ALICE, 0);
        turns.asked(ALICE, 0);
        assertThat(turns.waiting(0)).isZero();
        assertThat(turns.held()).isZero();
        assertThat(turns.asking()).isZero();

        turns.answered(ALICE, 0);
        turns.asked(BOB, 0);
        turns.answered(BOB, 0);
        assertThat(turns.waiting(0)).as("Bob").isEqualTo(1);
    }
}
