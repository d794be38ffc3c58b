package io.lull.policy.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ChangeDetectorTest {
    private static final double FLOOR = 0.01;

    private static double noisy(Random random, double level, double sigma) {
        return level * Math.exp(sigma * random.nextGaussian());
    }

    /** How many values after the step to {@code after} the detector takes; the most that it may take if never. */
    private static int delay(Random random, double before, double after, double sigma, int most) {
        ChangeState state = new ChangeState();
        for (int i = 0; i < 300; i++) {
            ChangeDetector.update(state, noisy(random, before, sigma), FLOOR);
        }
        long earlier = state.changes;
        for (int i = 1; i <= most; i++) {
            ChangeDetector.update(state, noisy(random, after, sigma), FLOOR);
            if (state.changes > earlier) {
                assertThat(state.changed).isTrue();
                return i;
            }
        }
        return most;
    }

    @Test
    void seldomTakesStationaryNoiseForAChange() {
        long seed = 91;
        Random random = new Random(seed);
        for (double sigma : new double[] {0, 0.05, 0.2, 0.5, 1}) {
            long alarms = 0;
            for (int run = 0; run < 20; run++) {
                ChangeState state = new ChangeState();
                for (int i = 0; i < 10_000; i++) {
                    ChangeDetector.update(state, noisy(random, 5, sigma), FLOOR);
                }
                alarms += state.changes;
            }
            assertThat(alarms).as("seed %s, sigma %s", seed, sigma).isLessThanOrEqualTo(4);
        }
    }

    @Test
    void passesHeavyTailsAndOutliers() {
        long seed = 92;
        Random random = new Random(seed);
        ChangeState state = new ChangeState();
        for (int i = 0; i < 100_000; i++) {
            double value = i % 50 == 49 ? 1e6 : noisy(random, 5, 0.3);
            ChangeDetector.update(state, value, FLOOR);
        }

        assertThat(state.changes).as("seed %s", seed).isLessThanOrEqualTo(2);
    }

    @Test
    void seesAStepOfAFactorOfTwoWithinTwentyValues() {
        long seed = 93;
        Random random = new Random(seed);
        for (double factor : new double[] {0.5, 2}) {
            double sum = 0;
            for (int run = 0; run < 200; run++) {
                sum += delay(random, 5, 5 * factor, 0.25, 1000);
            }
            assertThat(sum / 200).as("seed %s, factor %s", seed, factor).isLessThan(20);
        }
    }

    @Test
    void seesALargeStepAtOnceInBothDirections() {
        long seed = 94;
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            assertThat(delay(random, 0.1, 1, 0.2, 1000)).as("seed %s", seed).isBetween(4, 8);
            assertThat(delay(random, 1, 0.1, 0.2, 1000)).as("seed %s", seed).isBetween(4, 8);
        }
    }

    @Test
    void saysNothingOfSmallStepsAndSlowDrifts() {
        long seed = 95;
        Random random = new Random(seed);
        assertThat(delay(random, 5, 5.4, 0.02, 2000)).as("seed %s", seed).isEqualTo(2000);

        ChangeState state = new ChangeState();
        for (int i = 0; i < 20_000; i++) {
            ChangeDetector.update(state, noisy(random, Math.exp(i / 10_000.0), 0.2), FLOOR);
        }
        assertThat(state.changes).as("seed %s", seed).isLessThanOrEqualTo(1);
    }

    @Test
    void reportsEachPhaseOnce() {
        long seed = 96;
        Random random = new Random(seed);
        ChangeState state = new ChangeState();
        for (int i = 0; i < 2000; i++) {
            ChangeDetector.update(state, noisy(random, i / 200 % 2 == 0 ? 100 : 1000, 0.2), FLOOR);
        }

        assertThat(state.changes).as("seed %s", seed).isEqualTo(9);
    }

    @Test
    void looksAtNothingBelowTheFloor() {
        ChangeState state = new ChangeState();
        for (int i = 0; i < 1000; i++) {
            ChangeDetector.update(state, i < 500 ? 0 : FLOOR / 20, FLOOR);
        }

        assertThat(state.changes).isZero();
    }

    @Test
    void beginsAnewWhenReset() {
        ChangeState state = new ChangeState();
        for (int i = 0; i < 100; i++) {
            ChangeDetector.update(state, 1, FLOOR);
        }
        ChangeDetector.reset(state);
        for (int i = 0; i < 100; i++) {
            ChangeDetector.update(state, 100, FLOOR);
        }

        assertThat(state.changes).isZero();
        assertThat(state.values).isEqualTo(100);
    }

    @Test
    void staysAFiniteNumberWhateverComes() {
        double[] values = {0, 0, -1, 1e-320, 1, Double.MAX_VALUE, 1 / 0.0, 0.0 / 0.0};
        long seed = 97;
        Random random = new Random(seed);
        ChangeState state = new ChangeState();
        for (int i = 0; i < 100_000; i++) {
            ChangeDetector.update(state, values[random.nextInt(values.length)], values[random.nextInt(values.length)]);
            assertThat(state.mean + state.variance + state.aboveSum + state.belowSum)
                    .as("seed %s", seed)
                    .isFinite();
        }
    }
}
