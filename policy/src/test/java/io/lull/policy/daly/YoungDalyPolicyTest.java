package io.lull.policy.daly;

import static io.lull.policy.rival.TestEpoch.MS;
import static io.lull.policy.rival.TestEpoch.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lull.policy.Objectives;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import org.junit.jupiter.api.Test;

class YoungDalyPolicyTest {
    private static final long SECOND = 1000 * MS;

    private static Objectives longest(long nanos) {
        return new Objectives(1, nanos, TriggerPlacement.HOST, Targets.NONE);
    }

    private static long intervalNanos(YoungDalySettings settings, long pauseNanos, Objectives objectives) {
        YoungDalyPolicy policy = new YoungDalyPolicy(settings);
        YoungDalyState state = policy.initialState();
        policy.onReport(state, report(SECOND, pauseNanos, pauseNanos, 1), objectives);
        return policy.plan(state, objectives).maxEpochNanos();
    }

    @Test
    void fiveMillisecondsAndAFailureAYearGiveNineMinutes() {
        assertThat(intervalNanos(YoungDalySettings.DEFAULT, 5 * MS, longest(Long.MAX_VALUE)))
                .isCloseTo(561_570 * MS, within(SECOND));
    }

    @Test
    void onARealHostItIsTheLongestEpochAndNothingElse() {
        assertThat(intervalNanos(YoungDalySettings.DEFAULT, 5 * MS, longest(100 * MS)))
                .isEqualTo(100 * MS);
    }

    @Test
    void aHostThatFailsEveryFewSecondsGetsTheFormula() {
        assertThat(intervalNanos(new YoungDalySettings(2 * SECOND), MS, longest(100 * MS)))
                .isCloseTo(63_245_553, within(1L));
    }

    @Test
    void beforeTheFirstPauseTheLongestEpochHolds() {
        YoungDalyPolicy policy = new YoungDalyPolicy(YoungDalySettings.DEFAULT);

        assertThat(policy.plan(policy.initialState(), longest(100 * MS)).maxEpochNanos())
                .isEqualTo(100 * MS);
    }

    @Test
    void followsThePausesAndSaysSoOnlyWhenTheIntervalMoves() {
        YoungDalyPolicy policy = new YoungDalyPolicy(new YoungDalySettings(2 * SECOND));
        YoungDalyState state = policy.initialState();
        Objectives objectives = longest(SECOND);
        policy.onReport(state, report(SECOND, MS, MS, 1), objectives);
        policy.onReport(state, report(SECOND, MS + 1000, MS, 1), objectives);
        assertThat(state.revision).isEqualTo(1);

        for (int i = 0; i < 100; i++) {
            policy.onReport(state, report(SECOND, 4 * MS, MS, 1), objectives);
        }
        assertThat(policy.plan(state, objectives).maxEpochNanos()).isCloseTo(126_491_106, within(7 * MS));
        assertThat(state.revision).isBetween(2L, 20L);
    }

    @Test
    void aBoundThatHidesTheFormulaHidesItsMovesToo() {
        YoungDalyPolicy policy = new YoungDalyPolicy(YoungDalySettings.DEFAULT);
        YoungDalyState state = policy.initialState();
        for (int i = 1; i < 100; i++) {
            policy.onReport(state, report(SECOND, i * MS, i * MS, 1), longest(100 * MS));
        }

        assertThat(state.revision).isZero();
    }
}
