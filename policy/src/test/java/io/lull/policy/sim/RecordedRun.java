package io.lull.policy.sim;

import io.lull.policy.TriggerReason;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import java.util.ArrayList;
import java.util.List;

/** What {@code lull record} would have written of a simulated guest that is checkpointed at a fixed interval. */
final class RecordedRun {
    private static final long SAMPLE_NANOS = 1_000_000;

    final List<VmSample> samples = new ArrayList<>();
    final List<EpochReport> reports = new ArrayList<>();
    final Progress done;

    private RecordedRun(Workload workload, CostModel cost, long intervalNanos, long seconds) {
        SimulatedVm vm = new SimulatedVm(workload, cost, 5, false);
        Sampler sampler = new Sampler(vm);
        vm.listen((checkpoint, packets, held) -> reports.add(Reports.of(checkpoint, cost, packets, held)));
        while (vm.nowNanos() < seconds * Runs.SECOND) {
            vm.runUntil(vm.nowNanos() + SAMPLE_NANOS);
            samples.add(sample(sampler.sample()));
            if (vm.isReady() && vm.elapsedNanos() + vm.lastPauseNanos() >= intervalNanos) {
                vm.checkpoint(TriggerReason.INTERVAL, 0);
            }
        }
        done = Progress.of(vm.guest);
    }

    static RecordedRun of(Workload workload, CostModel cost, long intervalNanos, long seconds) {
        return new RecordedRun(workload, cost, intervalNanos, seconds);
    }

    private static VmSample sample(SampleView view) {
        List<VcpuSample> vcpus = new ArrayList<>();
        for (int i = 0; i < view.vcpus; i++) {
            vcpus.add(new VcpuSample(i, 0, view.vcpuBusyNanos[i], 0));
        }
        return new VmSample(
                Reports.VM,
                "host",
                view.epoch,
                view.sampledAtMicros,
                view.intervalNanos,
                view.elapsedNanos,
                vcpus,
                DirtySource.NONE,
                new NetworkSample(
                        view.txPackets,
                        view.txBytes,
                        view.rxPackets,
                        view.rxBytes,
                        view.heldPackets,
                        view.heldBytes,
                        view.oldestHeldNanos),
                DiskSample.NONE,
                new TcpSample(view.connections, 0, 0, 0, view.bytesInFlight, view.requestsPending),
                new HostSample(2, 1, false, 0, 0));
    }
}
