package io.lull.policy.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DirtyCurveTest {
    private static double law(double pagesAtOneMilli, double exponent, long runNanos) {
        return pagesAtOneMilli * Math.pow(runNanos / 1e6, exponent);
    }

    @Test
    void aCopyIsWholeAndItsOwn() {
        DirtyCurveState state = new DirtyCurveState();
        DirtyCurve.update(state, 10_000_000, 100);
        DirtyCurve.update(state, 25_000_000, 170);
        DirtyCurveState copy = state.copy();
        assertThat(copy).usingRecursiveComparison().isEqualTo(state);

        double before = DirtyCurve.pagesAt(state, 10_000_000);
        DirtyCurve.update(copy, 10_000_000, 100_000);
        assertThat(DirtyCurve.pagesAt(state, 10_000_000)).isEqualTo(before);
    }

    @Test
    void isUnknownAndZeroBeforeTheFirstReport() {
        DirtyCurveState state = new DirtyCurveState();
        DirtyCurve.update(state, 0, 100);

        assertThat(DirtyCurve.isKnown(state)).isFalse();
        assertThat(DirtyCurve.pagesAt(state, Views.SECOND)).isZero();
        assertThat(DirtyCurve.pagesPerSecondAt(state, Views.SECOND)).isZero();
    }

    @Test
    void findsThePowerLawBehindNoisyEpochsOfManyLengths() {
        long seed = 41;
        Random random = new Random(seed);
        for (double exponent : new double[] {0.2, 0.35, 0.5, 0.7}) {
            DirtyCurveState state = new DirtyCurveState();
            for (int i = 0; i < 400; i++) {
                long run = (long) (Views.MILLI * Math.exp(random.nextDouble() * 5));
                double noise = Math.exp(0.2 * random.nextGaussian());
                DirtyCurve.update(state, run, Math.round(300 * noise * law(1, exponent, run)));
            }
            assertThat(state.exponent).as("seed %s", seed).isEqualTo(exponent, within(0.05));
            for (long run : new long[] {2 * Views.MILLI, 25 * Views.MILLI, 100 * Views.MILLI}) {
                assertThat(DirtyCurve.pagesAt(state, run) / law(300, exponent, run))
                        .as("seed %s, %s ns", seed, run)
                        .isBetween(0.85, 1.2);
            }
        }
    }

    @Test
    void takesThePriorThroughTheMeanWhenAllEpochsAreOfOneLength() {
        DirtyCurveState state = new DirtyCurveState();
        for (int i = 0; i < 500; i++) {
            DirtyCurve.update(state, 25 * Views.MILLI, 900 + i % 3 * 100);
        }

        assertThat(state.exponent).isEqualTo(DirtyCurve.PRIOR_EXPONENT, within(1e-9));
        assertThat(DirtyCurve.pagesAt(state, 25 * Views.MILLI)).isEqualTo(1000, within(10.0));
        assertThat(DirtyCurve.pagesAt(state, 100 * Views.MILLI)).isEqualTo(1000 * Math.pow(4, 0.45), within(20.0));
    }

    @Test
    void staysNearThePriorWhenLengthsHardlyDiffer() {
        long seed = 42;
        Random random = new Random(seed);
        DirtyCurveState state = new DirtyCurveState();
        for (int i = 0; i < 500; i++) {
            long run = 25 * Views.MILLI + random.nextInt((int) Views.MILLI);
            DirtyCurve.update(state, run, Math.round(1000 * Math.exp(0.4 * random.nextGaussian())));
            assertThat(state.exponent).as("seed %s", seed).isEqualTo(DirtyCurve.PRIOR_EXPONENT, within(0.1));
        }
    }

    @Test
    void keepsTheExponentFromZeroToOne() {
        DirtyCurveState falling = new DirtyCurveState();
        DirtyCurveState steep = new DirtyCurveState();
        for (int i = 0; i < 300; i++) {
            long run = (1 + i % 50) * Views.MILLI;
            DirtyCurve.update(falling, run, 10_000 / (1 + i % 50));
            DirtyCurve.update(steep, run, (1L + i % 50) * (1 + i % 50) * (1 + i % 50));
        }

        assertThat(falling.exponent).isZero();
        assertThat(steep.exponent).isEqualTo(1);
        assertThat(DirtyCurve.pagesPerSecondAt(falling, Views.MILLI)).isZero();
    }

    @Test
    void slopeIsTheDerivativeOfTheCurve() {
        DirtyCurveState state = new DirtyCurveState();
        for (int i = 0; i < 300; i++) {
            long run = (1 + i % 50) * Views.MILLI;
            DirtyCurve.update(state, run, Math.round(law(500, 0.4, run)));
        }
        long run = 20 * Views.MILLI;
        double difference = DirtyCurve.pagesAt(state, run + 1000) - DirtyCurve.pagesAt(state, run - 1000);

        assertThat(DirtyCurve.pagesPerSecondAt(state, run)).isEqualTo(difference / 2e-6, within(1.0));
    }

    @Test
    void meetsTheMeanOfAScatterAndNotItsMedian() {
        long seed = 43;
        Random random = new Random(seed);
        DirtyCurveState state = new DirtyCurveState();
        double sum = 0;
        double predicted = 0;
        for (int i = 0; i < 5000; i++) {
            long pages = Math.round(1000 * Math.exp(0.6 * random.nextGaussian()));
            DirtyCurve.update(state, 20 * Views.MILLI, pages);
            sum += pages;
            predicted += DirtyCurve.pagesAt(state, 20 * Views.MILLI);
        }

        assertThat(predicted / sum).as("seed %s", seed).isBetween(0.95, 1.05);
    }

    @Test
    void followsAGuestThatDirtiesMore() {
        DirtyCurveState state = new DirtyCurveState();
        for (int i = 0; i < 1000; i++) {
            long run = (10 + i % 30) * Views.MILLI;
            DirtyCurve.update(state, run, Math.round(law(i < 500 ? 100 : 800, 0.4, run)));
        }

        assertThat(DirtyCurve.pagesAt(state, 20 * Views.MILLI))
                .isEqualTo(law(800, 0.4, 20 * Views.MILLI), within(350.0));
    }

    @Test
    void staysAFiniteNumberWhateverComes() {
        long[] values = {0, 0, -7, 1, 2, 1000, Views.SECOND, Long.MAX_VALUE, Long.MIN_VALUE};
        long seed = 44;
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            DirtyCurveState state = new DirtyCurveState();
            for (int i = 0; i < 100; i++) {
                long at = values[random.nextInt(values.length)];
                DirtyCurve.update(state, at, values[random.nextInt(values.length)]);
                assertThat(DirtyCurve.pagesAt(state, at))
                        .as("seed %s", seed)
                        .isFinite()
                        .isNotNegative();
                assertThat(DirtyCurve.pagesPerSecondAt(state, at))
                        .as("seed %s", seed)
                        .isFinite()
                        .isNotNegative();
                assertThat(state.exponent).as("seed %s", seed).isBetween(0.0, 1.0);
            }
        }
    }

    @Test
    void saysWhenPagesAreReached() {
        DirtyCurveState state = new DirtyCurveState();
        assertThat(DirtyCurve.nanosUntil(state, 0)).isZero();
        assertThat(DirtyCurve.nanosUntil(state, 1)).isInfinite();

        DirtyCurve.update(state, 10_000_000, 400);
        long nanos = (long) DirtyCurve.nanosUntil(state, 800);
        assertThat(DirtyCurve.pagesAt(state, nanos)).isCloseTo(800, within(1e-3));

        state.exponent = 0;
        assertThat(DirtyCurve.nanosUntil(state, state.pagesAtOneMilli / 2)).isZero();
        assertThat(DirtyCurve.nanosUntil(state, state.pagesAtOneMilli * 2)).isInfinite();
    }
}
