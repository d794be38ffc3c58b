package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RestartBudgetTest {
    private static final long PAUSE_NANOS = 100;
    private static final long STEADY_NANOS = RestartBudget.STEADY_PAUSES * PAUSE_NANOS;

    private final RestartBudget budget = new RestartBudget(new StandbyOptions(true, 2, PAUSE_NANOS, 1, 1));

    @Test
    void standbysThatDieSoonAreGivenUpThoughEachWasReady() {
        for (int died = 1; died <= 3; died++) {
            budget.ready(died * STEADY_NANOS);
            assertThat(budget.failed(false, (died + 1) * STEADY_NANOS - 1))
                    .as("another after %d", died)
                    .isEqualTo(died <= 2);
        }
        assertThat(budget.allowsStart()).isFalse();
    }

    @Test
    void oneThatIsReadyForLongMakesWhatDiedBeforeItForgotten() {
        for (int died = 1; died <= 20; died++) {
            budget.ready(died * STEADY_NANOS);
            assertThat(budget.failed(false, (died + 1) * STEADY_NANOS))
                    .as("another after %d", died)
                    .isTrue();
            assertThat(budget.attempt()).isEqualTo(2);
        }
    }

    @Test
    void oneThatIsNeverReadyIsNotSteadyHoweverLongItTakes() {
        budget.ready(0);
        assertThat(budget.failed(false, 1)).isTrue();
        assertThat(budget.failed(false, STEADY_NANOS)).isTrue();
        assertThat(budget.failed(false, 2 * STEADY_NANOS)).isFalse();
    }

    @Test
    void aFailoverHasAttemptsOfItsOwn() {
        budget.ready(0);
        assertThat(budget.failed(true, STEADY_NANOS)).isTrue();
        budget.ready(STEADY_NANOS);
        assertThat(budget.failed(true, 2 * STEADY_NANOS)).isFalse();
    }
}
