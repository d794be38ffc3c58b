package io.lull.policy.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuantileSketchTest {
    @Test
    void isUnknownBeforeTheFirstValue() {
        QuantileState state = QuantileSketch.ofNanos(100);
        QuantileSketch.add(state, Double.NaN);
        QuantileSketch.add(state, 5, 0);

        assertThat(QuantileSketch.isKnown(state)).isFalse();
        assertThat(QuantileSketch.quantile(state, 0.5)).isZero();
        assertThatThrownBy(() -> QuantileSketch.ofNanos(Double.NaN)).hasMessageContaining("memoryValues");
    }

    @Test
    void isWithinAnEighthOfTheExactQuantile() {
        long seed = 61;
        Random random = new Random(seed);
        double[] values = new double[5000];
        QuantileState state = QuantileSketch.ofNanos(1e8);
        for (int i = 0; i < values.length; i++) {
            values[i] = Views.MILLI * Math.exp(2 * random.nextGaussian());
            QuantileSketch.add(state, values[i]);
        }
        Arrays.sort(values);

        for (double ratio : new double[] {0.01, 0.1, 0.5, 0.9, 0.99, 0.999}) {
            double exact = values[(int) (ratio * values.length)];
            assertThat(QuantileSketch.quantile(state, ratio) / exact)
                    .as("seed %s, quantile %s", seed, ratio)
                    .isBetween(0.875, 1.125);
        }
    }

    @Test
    void countsSharesWithZerosAndOnes() {
        QuantileState state = QuantileSketch.ofRatios(1000);
        for (int i = 0; i < 100; i++) {
            QuantileSketch.add(state, i < 60 ? 0 : i < 80 ? 0.1 : 1);
        }

        assertThat(QuantileSketch.quantile(state, 0.5)).isZero();
        assertThat(QuantileSketch.quantile(state, 0.7)).isEqualTo(0.1, within(0.0125));
        assertThat(QuantileSketch.quantile(state, 0.95)).isEqualTo(1, within(0.125));
    }

    @Test
    void growsWithTheRatio() {
        long seed = 62;
        Random random = new Random(seed);
        QuantileState state = QuantileSketch.ofRatios(50);
        for (int i = 0; i < 1000; i++) {
            QuantileSketch.add(state, random.nextDouble(), random.nextDouble());
        }
        double before = 0;
        for (int i = -5; i <= 105; i++) {
            double now = QuantileSketch.quantile(state, i / 100.0);
            assertThat(now).as("seed %s", seed).isGreaterThanOrEqualTo(before);
            before = now;
        }
    }

    @Test
    void forgetsInAboutItsMemory() {
        QuantileState state = QuantileSketch.ofNanos(100);
        for (int i = 0; i < 1000; i++) {
            QuantileSketch.add(state, 1e6);
        }
        for (int i = 0; i < 60; i++) {
            QuantileSketch.add(state, 1e8);
        }
        assertThat(QuantileSketch.quantile(state, 0.5)).isEqualTo(1e6, within(1.3e5));

        for (int i = 0; i < 20; i++) {
            QuantileSketch.add(state, 1e8);
        }
        assertThat(QuantileSketch.quantile(state, 0.5)).isEqualTo(1e8, within(1.3e7));
    }

    @Test
    void keepsItsMemoryThroughMillionsOfValues() {
        QuantileState state = QuantileSketch.ofNanos(100);
        double[] counts = state.counts;
        for (int i = 0; i < 1_000_000; i++) {
            QuantileSketch.add(state, i % 10 == 0 ? 1e8 : 1e6);
        }

        assertThat(state.counts).isSameAs(counts);
        assertThat(QuantileSketch.quantile(state, 0.8)).isEqualTo(1e6, within(1.3e5));
        assertThat(QuantileSketch.quantile(state, 0.95)).isEqualTo(1e8, within(1.3e7));
        assertThat(state.total).isFinite();
    }

    @Test
    void weighsValues() {
        QuantileState state = QuantileSketch.ofRatios(1e6);
        for (int i = 0; i < 100; i++) {
            QuantileSketch.add(state, 0.1, 0.25);
            QuantileSketch.add(state, 0.8, 0.75);
        }

        assertThat(QuantileSketch.quantile(state, 0.2)).isLessThan(0.12);
        assertThat(QuantileSketch.quantile(state, 0.3)).isGreaterThan(0.7);
    }

    @Test
    void saturatesOutsideItsRange() {
        QuantileState state = QuantileSketch.ofNanos(10);
        for (double value : new double[] {-1, 0, Double.MIN_VALUE, 1}) {
            QuantileSketch.add(state, value);
        }
        assertThat(QuantileSketch.quantile(state, 1)).isZero();

        for (double value : new double[] {1e300, Double.MAX_VALUE, 1 / 0.0}) {
            QuantileSketch.add(state, value);
        }
        assertThat(QuantileSketch.quantile(state, 1)).isEqualTo(Math.pow(2, 42));
    }
}
