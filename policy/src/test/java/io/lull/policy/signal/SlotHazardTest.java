package io.lull.policy.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SlotHazardTest {
    private static final long TAU = 30 * Views.SECOND;

    private static SampleView busy(long epoch) {
        return Views.talk(epoch, 10, 1, 3);
    }

    private static SampleView lull(long epoch) {
        return Views.talk(epoch, 10, 0, 3);
    }

    private static void feed(HazardState state, SampleView sample) {
        SlotHazard.update(state, sample, false, TAU);
    }

    /** Epochs of a guest whose lulls begin at the rate, cut off after some milliseconds. */
    private static HazardState run(Random random, double perSecond, int epochs, int censorMillis) {
        HazardState state = new HazardState();
        for (int epoch = 1; epoch <= epochs; epoch++) {
            double lullAtMillis = -Math.log(1 - random.nextDouble()) / perSecond * 1000;
            for (int milli = 1; milli <= censorMillis; milli++) {
                boolean inLull = lullAtMillis < milli;
                feed(state, inLull ? lull(epoch) : busy(epoch));
                if (inLull) {
                    break;
                }
            }
        }
        return state;
    }

    @Test
    void isZeroWhenNoLullEverCame() {
        HazardState state = new HazardState();
        assertThat(SlotHazard.isKnown(state)).isFalse();
        for (int i = 0; i < 1000; i++) {
            feed(state, busy(1));
        }

        assertThat(SlotHazard.isKnown(state)).isTrue();
        assertThat(SlotHazard.perSecond(state)).isZero();
    }

    @Test
    void findsTheRateThoughMostEpochsEndBeforeTheirLull() {
        long seed = 81;
        for (double perSecond : new double[] {5, 20, 100}) {
            HazardState state = run(new Random(seed), perSecond, 20_000, 25);

            // A lull within the first sample is not seen: its time and its lull are both left out.
            assertThat(SlotHazard.perSecond(state)).as("seed %s", seed).isEqualTo(perSecond, within(0.15 * perSecond));
        }
    }

    @Test
    void countsALullOnceHoweverLongItIs() {
        HazardState state = new HazardState();
        for (int i = 0; i < 100; i++) {
            feed(state, busy(1));
        }
        for (int i = 0; i < 100; i++) {
            feed(state, lull(1));
        }

        assertThat(state.slots).isEqualTo(1, within(0.01));
        assertThat(state.atRiskSeconds).isEqualTo(0.1, within(0.001));
        assertThat(SlotHazard.perSecond(state)).isEqualTo(10, within(0.1));
    }

    @Test
    void takesAGuestThatRestsForALull() {
        HazardState state = new HazardState();
        feed(state, busy(1));
        SlotHazard.update(state, busy(1), true, TAU);

        assertThat(state.slots).isPositive();
    }

    @Test
    void doesNotCountALullThatCameWithANewEpochOrWithNothingHeld() {
        HazardState state = new HazardState();
        feed(state, busy(1));
        feed(state, lull(2));
        feed(state, busy(2));
        feed(state, Views.talk(2, 10, 0, 0));
        feed(state, lull(2));

        assertThat(state.slots).isZero();
    }

    @Test
    void doesNotFadeWhileNothingIsAtRisk() {
        HazardState state = run(new Random(82), 50, 1000, 25);
        double before = SlotHazard.perSecond(state);
        for (int i = 0; i < 1_000_000; i++) {
            feed(state, Views.talk(5000, 10, 0, 0));
        }

        assertThat(SlotHazard.perSecond(state)).isEqualTo(before);
    }

    @Test
    void fallsWhileLullsStayAway() {
        HazardState state = run(new Random(83), 50, 5000, 25);
        double before = SlotHazard.perSecond(state);
        for (int i = 0; i < 90_000; i++) {
            feed(state, busy(9000));
        }

        assertThat(SlotHazard.perSecond(state)).isLessThan(0.06 * before).isPositive();
    }

    @Test
    void countsOnlyThePartOfASampleThatLiesInItsEpoch() {
        HazardState state = new HazardState();
        SampleView view = busy(1);
        view.intervalNanos = 100 * Views.MILLI;
        view.elapsedNanos = 2 * Views.MILLI;
        feed(state, view);

        assertThat(state.atRiskSeconds).isEqualTo(0.002, within(1e-6));
    }

    @Test
    void staysAFiniteNumberWhateverComes() {
        long[] times = {0, 1, -1, Views.MILLI, Long.MAX_VALUE};
        long seed = 84;
        Random random = new Random(seed);
        HazardState state = new HazardState();
        for (int i = 0; i < 10_000; i++) {
            SampleView view = random.nextBoolean() ? busy(random.nextInt(3)) : lull(random.nextInt(3));
            view.intervalNanos = times[random.nextInt(times.length)];
            view.elapsedNanos = times[random.nextInt(times.length)];
            SlotHazard.update(state, view, random.nextBoolean(), times[random.nextInt(times.length)]);
            assertThat(SlotHazard.perSecond(state))
                    .as("seed %s", seed)
                    .isFinite()
                    .isNotNegative();
        }
    }
}
