package io.lull.bench.job.kafka.streams;

import io.lull.policy.VmId;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.WindowMetrics;
import java.util.function.Consumer;

/**
 * Tumbling windows of 100 ms, 1 s and 10 s over a VM's samples. A window closes with the VM's first sample after its end:
 * the samples of a VM stand in order in one partition, so that nothing waits for others. That is less than the job does,
 * which waits for records that are out of order and closes windows of silent VMs too.
 */
final class VmWindows {
    private static final long PANE_MILLIS = 100;
    private static final long SECOND_MILLIS = 1000;
    private static final long TEN_SECONDS_MILLIS = 10_000;

    private VmWindows() {}

    static void add(
            VmMemory memory, VmId vm, SampleView sample, boolean idle, boolean begins, Consumer<WindowMetrics> closed) {
        long eventMillis = sample.sampledAtMicros / 1000;
        if (memory.pane.samples > 0 && eventMillis >= memory.pane.startMillis + PANE_MILLIS) {
            close(memory, vm, eventMillis, closed);
        }
        if (memory.pane.samples == 0) {
            memory.pane.startMillis = startOf(eventMillis, PANE_MILLIS);
        }
        memory.pane.add(sample, idle, begins);
    }

    private static void close(VmMemory memory, VmId vm, long eventMillis, Consumer<WindowMetrics> closed) {
        closed.accept(memory.pane.toMetrics(vm, PANE_MILLIS));
        if (memory.second.samples == 0) {
            memory.second.startMillis = startOf(memory.pane.startMillis, SECOND_MILLIS);
        }
        memory.second.add(memory.pane);
        memory.pane = new WindowSums();
        if (eventMillis < memory.second.startMillis + SECOND_MILLIS) {
            return;
        }
        closed.accept(memory.second.toMetrics(vm, SECOND_MILLIS));
        if (memory.tenSeconds.samples == 0) {
            memory.tenSeconds.startMillis = startOf(memory.second.startMillis, TEN_SECONDS_MILLIS);
        }
        memory.tenSeconds.add(memory.second);
        memory.second = new WindowSums();
        if (eventMillis >= memory.tenSeconds.startMillis + TEN_SECONDS_MILLIS) {
            closed.accept(memory.tenSeconds.toMetrics(vm, TEN_SECONDS_MILLIS));
            memory.tenSeconds = new WindowSums();
        }
    }

    private static long startOf(long atMillis, long lengthMillis) {
        return Math.floorDiv(atMillis, lengthMillis) * lengthMillis;
    }
}
