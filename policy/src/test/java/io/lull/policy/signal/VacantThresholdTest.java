package io.lull.policy.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lull.policy.fixture.TestSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class VacantThresholdTest {
    private static List<VmSample> vacant(int count, DoubleSupplier busy) {
        List<VmSample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(TestSample.lull(1, 5_000_000).busy(busy.getAsDouble()).build());
        }
        return samples;
    }

    private static VacantState learn(VacantState state, List<VmSample> samples) {
        SampleView view = new SampleView();
        for (VmSample sample : samples) {
            VacantThreshold.update(state, view.load(sample));
        }
        return state;
    }

    private static double learned(List<VmSample> samples) {
        return VacantThreshold.busyRatio(learn(new VacantState(), samples));
    }

    @Test
    void staysAtTheFloorUntilItHasSeenEnough() {
        assertThat(learned(vacant(VacantThreshold.ENOUGH - 1, () -> 0.15))).isEqualTo(VacantThreshold.FLOOR_RATIO);
        assertThat(learned(vacant(VacantThreshold.ENOUGH, () -> 0.155))).isEqualTo(0.16);
    }

    @Test
    void staysAtTheFloorForAQuietGuest() {
        assertThat(learned(vacant(1000, () -> 0.01))).isEqualTo(VacantThreshold.FLOOR_RATIO);
    }

    @Test
    void neverPassesTheCap() {
        assertThat(learned(vacant(1000, () -> 0.45))).isEqualTo(VacantThreshold.CAP_RATIO);
    }

    @Test
    void isAboveNineTenthsOfTheVacantSamples() {
        long seed = 7;
        Random random = new Random(seed);
        double[] drawn = random.doubles(4000, 0, 0.2).toArray();
        int[] next = {0};

        double threshold = learned(vacant(drawn.length, () -> drawn[next[0]++]));

        assertThat(threshold).as("seed %s", seed).isEqualTo(0.18, within(0.011));
    }

    @Test
    void ignoresSamplesInWhichTheVmDidSomething() {
        TestSample lull = TestSample.lull(1, 5_000_000);
        List<TestSample> working = List.of(
                lull.busy(0.2).tx(1), lull.busy(0.2).pending(1), lull.busy(0.2).inFlight(1), lull.busy(0.9));
        for (TestSample sample : working) {
            assertThat(VacantThreshold.isVacant(new SampleView().load(sample.build())))
                    .isFalse();
        }
        assertThat(VacantThreshold.isVacant(new SampleView().load(lull.busy(0.2).build())))
                .isTrue();
    }

    @Test
    void forgetsWhatItLearnedLongAgo() {
        VacantState state = learn(new VacantState(), vacant(5000, () -> 0.2));
        assertThat(VacantThreshold.busyRatio(state)).isGreaterThan(0.2);
        learn(state, vacant(100_000, () -> 0));

        assertThat(VacantThreshold.busyRatio(state)).isEqualTo(VacantThreshold.FLOOR_RATIO);
    }

    @Test
    void readsTheShorterHistogramOfAnEarlierVersion() {
        VacantState old = new VacantState();
        old.counts = new int[] {500, 500};

        learn(old, vacant(1, () -> 0.4));

        assertThat(old.counts).hasSize(VacantThreshold.BUCKETS);
        assertThat(old.total).isEqualTo(1001);
        assertThat(VacantThreshold.busyRatio(old)).isEqualTo(VacantThreshold.FLOOR_RATIO);
    }

    /** A sample in which {@code working} of 24 vCPUs work all the time and the others rest. */
    private static VmSample of24(double working) {
        List<VcpuSample> vcpus = new ArrayList<>();
        double left = working;
        for (int i = 0; i < 24; i++) {
            double share = Math.max(0, Math.min(1, left));
            vcpus.add(new VcpuSample(i, 0, (long) (share * TestSample.INTERVAL_NANOS), 0));
            left -= share;
        }
        return TestSample.lull(1, 5_000_000).build(vcpus);
    }

    private static List<VmSample> of24(int count, double working) {
        List<VmSample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(of24(working));
        }
        return samples;
    }

    @Test
    void oneThreadThatWorksOnOneOf24VcpusIsNoRest() {
        double working = new SampleView().load(of24(1)).busyRatio;

        assertThat(VacantThreshold.isVacant(new SampleView().load(of24(1)))).isFalse();
        assertThat(learned(of24(1, 1)))
                .as("from its first sample on")
                .isLessThan(working)
                .isEqualTo(VacantThreshold.FLOOR_RATIO / 24);
        assertThat(learned(of24(1000, 1))).isLessThan(working);
    }

    @Test
    void theNoiseOf24VcpusIsLearnedUpToHalfAVcpu() {
        double noise = new SampleView().load(of24(0.2)).busyRatio;
        double half = 0.5 / 24;

        assertThat(VacantThreshold.isVacant(new SampleView().load(of24(0.2)))).isTrue();
        assertThat(learned(of24(1000, 0.2))).isGreaterThan(noise).isLessThanOrEqualTo(half);
        assertThat(learned(of24(1000, 0.49))).as("the cap").isEqualTo(half, within(1e-9));
    }

    @Test
    void theBoundsAreThoseOfTheVcpusThatTheVmHasNow() {
        VacantState state = learn(new VacantState(), of24(1, 0));
        assertThat(VacantThreshold.busyRatio(state)).isEqualTo(VacantThreshold.FLOOR_RATIO / 24);
        learn(state, List.of(TestSample.lull(1, 5_000_000).build(List.of())));
        assertThat(VacantThreshold.busyRatio(state))
                .as("a sample without any tells nothing")
                .isEqualTo(VacantThreshold.FLOOR_RATIO / 24);

        learn(state, vacant(1, () -> 0.01));
        assertThat(VacantThreshold.busyRatio(state)).isEqualTo(VacantThreshold.FLOOR_RATIO);
    }
}
