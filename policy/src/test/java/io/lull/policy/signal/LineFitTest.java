package io.lull.policy.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LineFitTest {
    private static LineFitState fit(double priorSlope, double[][] pairs) {
        LineFitState state = LineFit.start(priorSlope);
        for (double[] pair : pairs) {
            LineFit.update(state, pair[0], pair[1]);
        }
        return state;
    }

    @Test
    void isThePriorBeforeAnythingIsSeen() {
        LineFitState state = LineFit.start(2);

        assertThat(LineFit.isKnown(state)).isFalse();
        assertThat(LineFit.at(state, 10)).isEqualTo(20);
        assertThatThrownBy(() -> LineFit.start(-1)).hasMessageContaining("priorSlope");
        assertThatThrownBy(() -> LineFit.start(Double.NaN)).hasMessageContaining("priorSlope");
    }

    @Test
    void findsANoisyLine() {
        long seed = 31;
        Random random = new Random(seed);
        LineFitState state = LineFit.start(0);
        for (int i = 0; i < 500; i++) {
            double pages = 100 + random.nextInt(4000);
            LineFit.update(state, pages, 1e6 + 500 * pages + 1e5 * random.nextGaussian());
        }

        assertThat(LineFit.slope(state)).as("seed %s", seed).isEqualTo(500, within(20.0));
        assertThat(LineFit.intercept(state)).as("seed %s", seed).isEqualTo(1e6, within(6e4));
        assertThat(LineFit.at(state, 2000)).as("seed %s", seed).isEqualTo(2e6, within(5e4));
    }

    @Test
    void passesThroughTheMeanWithThePriorsSlopeWhenXDoesNotVary() {
        LineFitState state = fit(3, new double[][] {{100, 1000}, {100, 1200}, {100, 1100}});

        assertThat(LineFit.slope(state)).isEqualTo(3, within(1e-9));
        assertThat(LineFit.at(state, 100)).isEqualTo(1100, within(2.0));
    }

    @Test
    void goesThroughTheOriginWhenThePriorIsTooSteepForTheMean() {
        LineFitState state = fit(1000, new double[][] {{100, 1000}, {100, 1000}});

        assertThat(LineFit.intercept(state)).isZero();
        assertThat(LineFit.slope(state)).isEqualTo(10, within(1e-9));
    }

    @Test
    void isFlatWhereTheBestSlopeIsNegative() {
        LineFitState state = fit(0, new double[][] {{1, 30}, {2, 20}, {3, 10}});

        assertThat(LineFit.slope(state)).isZero();
        assertThat(LineFit.at(state, 2)).isEqualTo(20, within(0.5));
    }

    @Test
    void goesThroughTheOriginWhereTheBestInterceptIsNegative() {
        LineFitState state = fit(0, new double[][] {{10, 1}, {20, 12}, {30, 23}, {40, 34}});

        assertThat(LineFit.intercept(state)).isZero();
        assertThat(LineFit.slope(state)).isBetween(0.5, 1.0);
    }

    @Test
    void followsAChangedMachine() {
        LineFitState state = LineFit.start(0);
        for (int i = 0; i < 200; i++) {
            LineFit.update(state, 1000 + i % 7 * 500, 5000 + 2 * (1000 + i % 7 * 500));
        }
        for (int i = 0; i < 400; i++) {
            LineFit.update(state, 1000 + i % 7 * 500, 1000 + 4 * (1000 + i % 7 * 500));
        }

        assertThat(LineFit.slope(state)).isEqualTo(4, within(0.1));
        assertThat(LineFit.intercept(state)).isEqualTo(1000, within(300.0));
    }

    @Test
    void isNeverNegativeNorInfiniteWhateverComes() {
        double[] values = {0, 0, -5, 1, 4096, 1e18, Double.MAX_VALUE, 1 / 0.0, 0.0 / 0.0, 1e-300};
        long seed = 32;
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            LineFitState state = LineFit.start(random.nextInt(3));
            for (int i = 0; i < 100; i++) {
                double x = values[random.nextInt(values.length)];
                LineFit.update(state, x, values[random.nextInt(values.length)]);
                assertThat(LineFit.slope(state)).as("seed %s", seed).isFinite().isNotNegative();
                assertThat(LineFit.intercept(state))
                        .as("seed %s", seed)
                        .isFinite()
                        .isNotNegative();
                assertThat(LineFit.at(state, x)).as("seed %s", seed).isFinite().isNotNegative();
            }
        }
    }

    @Test
    void saysWhereTheLineReachesAHeight() {
        LineFitState state = LineFit.start(4);
        state.intercept = 100;

        assertThat(LineFit.reaches(state, 99)).isZero();
        assertThat(LineFit.at(state, LineFit.reaches(state, 500))).isEqualTo(500);
        state.slope = 0;
        assertThat(LineFit.reaches(state, 500)).isInfinite();
        assertThat(LineFit.reaches(state, 100)).isZero();
    }
}
