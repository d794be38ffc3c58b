package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineBudgetTest {
    private static final long WINDOW_NANOS = 1_000;
    private final LineBudget budget = new LineBudget(3, WINDOW_NANOS);

    @Test
    void aWindowHasSoManyLinesAndTheNextSaysHowManyWereLeftOut() {
        for (int i = 0; i < 3; i++) {
            assertThat(budget.admit(500 + i)).hasValue(0);
        }
        for (int i = 0; i < 7; i++) {
            assertThat(budget.admit(600 + i)).isEmpty();
        }
        assertThat(budget.admit(500 + WINDOW_NANOS - 1)).isEmpty();
        assertThat(budget.admit(500 + WINDOW_NANOS)).hasValue(8);
        assertThat(budget.admit(501 + WINDOW_NANOS)).hasValue(0);
    }

    @Test
    void aClockThatBeganBelowZeroIsAsGood() {
        assertThat(budget.admit(Long.MIN_VALUE + 1)).hasValue(0);
        assertThat(budget.admit(Long.MIN_VALUE + 2)).hasValue(0);
        assertThat(budget.admit(Long.MIN_VALUE + 3)).hasValue(0);
        assertThat(budget.admit(Long.MIN_VALUE + 4)).isEmpty();
    }
}
