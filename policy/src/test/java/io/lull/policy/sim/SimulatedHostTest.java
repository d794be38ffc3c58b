package io.lull.policy.sim;

import static io.lull.policy.sim.Trial.MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.VmSample;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a worker sees of a simulated host is what the simulator sees, and a checkpoint goes through its turns in order. */
class SimulatedHostTest {
    private static final long TICK_NANOS = 250_000;
    private static final long INTERVAL_NANOS = 7 * MS;
    private static final long SEED = 11;

    private final List<String> turns = new ArrayList<>();

    private final class Turns implements SimulatedHost.Listener {
        private long paused;
        private long resumed;
        private long committed;

        @Override
        public void paused(long atNanos) {
            paused++;
            turns.add("paused " + paused + " at " + atNanos);
        }

        @Override
        public void resumed(SimulatedHost.Captured checkpoint) {
            resumed++;
            assertThat(checkpoint.epoch()).isEqualTo(resumed);
            assertThat(turns).contains("paused " + resumed + " at " + checkpoint.pausedAtNanos());
            assertThat(checkpoint.resumedAtNanos()).isGreaterThan(checkpoint.pausedAtNanos());
        }

        @Override
        public void committed(SimulatedHost.Captured checkpoint, SimulatedHost.Released released) {
            committed++;
            assertThat(checkpoint.epoch()).isEqualTo(committed).isLessThanOrEqualTo(resumed);
            assertThat(released.atNanos()).isGreaterThan(checkpoint.shippedAtNanos());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"closed-10", "disk-8", "mixed-24cpu", "download-8", "phases"})
    void aWorkerSeesWhatTheSimulatorSeesToTheLastNumber(String workload) {
        Turns listener = new Turns();
        SimulatedHost host = new SimulatedHost(Trial.standard(workload), CostModel.kvm(), SEED, listener);
        SimulatedProbe probe = host.probe(new VmId("vm"), "host");
        SimulatedVm twin = new SimulatedVm(Trial.standard(workload), CostModel.kvm(), SEED, false);
        Sampler sampler = new Sampler(twin);
        SampleView loaded = new SampleView();
        for (long now = TICK_NANOS; now <= 200 * MS; now += TICK_NANOS) {
            host.runUntil(now);
            twin.runUntil(now);
            VmSample sample = probe.sample(twin.epoch(), twin.elapsedNanos(), now / 1000);

            assertThat(loaded.load(sample)).usingRecursiveComparison().isEqualTo(sampler.sample());
            assertThat(host.isReady()).isEqualTo(twin.isReady());
            assertThat(host.isPaused()).isEqualTo(twin.isPaused());
            if (twin.isReady() && twin.elapsedNanos() >= INTERVAL_NANOS) {
                twin.checkpoint(TriggerReason.INTERVAL, 0.5);
                host.checkpoint(TriggerReason.INTERVAL, 0.5);
            }
        }
        assertThat(listener.committed).isGreaterThan(3);
    }
}
