package io.lull.policy.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class EwmaTest {
    private static final long TAU = Views.SECOND;

    @Test
    void isUnknownBeforeTheFirstValue() {
        EwmaState state = new EwmaState();

        assertThat(Ewma.isKnown(state)).isFalse();
        assertThat(Ewma.meanOr(state, 7)).isEqualTo(7);

        Ewma.update(state, 3, Views.MILLI, TAU);
        assertThat(Ewma.isKnown(state)).isTrue();
        assertThat(Ewma.meanOr(state, 7)).isEqualTo(3);
    }

    @Test
    void startsAsThePlainMeanOfTheFirstValues() {
        EwmaState state = new EwmaState();
        for (double value : new double[] {10, 20, 30, 40}) {
            Ewma.update(state, value, Views.MILLI, TAU);
        }

        assertThat(state.mean).isEqualTo(25, within(0.05));
    }

    @Test
    void weighsAValueByTheTimeItStandsFor() {
        EwmaState state = new EwmaState();
        Ewma.update(state, 10, 9 * Views.MILLI, TAU);
        Ewma.update(state, 110, Views.MILLI, TAU);

        assertThat(state.mean).isEqualTo(20, within(0.2));
    }

    @Test
    void forgetsWithItsTimeConstant() {
        EwmaState state = new EwmaState();
        for (int i = 0; i < 100_000; i++) {
            Ewma.update(state, 1, Views.MILLI, TAU);
        }
        for (int i = 0; i < 1000; i++) {
            Ewma.update(state, 0, Views.MILLI, TAU);
        }

        assertThat(state.mean).isEqualTo(Math.exp(-1), within(1e-6));
    }

    @Test
    void doesNotDependOnHowTimeIsCutIntoSamples() {
        long seed = 11;
        Random random = new Random(seed);
        EwmaState fine = new EwmaState();
        EwmaState coarse = new EwmaState();
        for (int i = 0; i < 300; i++) {
            double value = random.nextDouble();
            int parts = 1 + random.nextInt(5);
            for (int part = 0; part < parts; part++) {
                Ewma.update(fine, value, 10 * Views.MILLI, TAU);
            }
            Ewma.update(coarse, value, parts * 10L * Views.MILLI, TAU);
        }

        assertThat(fine.mean).as("seed %s", seed).isEqualTo(coarse.mean, within(1e-9));
    }

    @Test
    void staysAFiniteNumberWhateverComes() {
        double[] values = {0, -1, Double.MAX_VALUE, -Double.MAX_VALUE, 1 / 0.0, -1 / 0.0, 0.0 / 0.0, 1e-320};
        long[] times = {0, -5, 1, Long.MAX_VALUE, Long.MIN_VALUE, TAU};
        long seed = 12;
        Random random = new Random(seed);
        EwmaState state = new EwmaState();
        for (int i = 0; i < 10_000; i++) {
            Ewma.update(
                    state,
                    values[random.nextInt(values.length)],
                    times[random.nextInt(times.length)],
                    times[random.nextInt(times.length)]);
            assertThat(state.mean).as("seed %s", seed).isFinite();
            assertThat(state.weightRatio).as("seed %s", seed).isBetween(0.0, 1.0);
        }
        Ewma.update(state, 5, Long.MAX_VALUE, 1);
        assertThat(state.mean).isEqualTo(5);
    }

    @Test
    void theSeriesForShortIntervalsIsTheExponentialToTheLastDigits() {
        for (long dt = 1; dt < 2_000_000; dt += 997) {
            double x = dt / 1e8;
            assertThat(Ewma.gainRatio(dt, 100_000_000)).isCloseTo(-Math.expm1(-x), within(2 * Math.ulp(x)));
        }
    }
}
