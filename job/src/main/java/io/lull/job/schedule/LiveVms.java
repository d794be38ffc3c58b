package io.lull.job.schedule;

import io.lull.policy.VmId;
import io.lull.policy.signal.SampleView;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The VMs of a subtask that samples come of. For the task's thread; the three counts may be read by others.
 *
 * <p>They share one view of a sample: only the VM at hand is looked at, and a view for each of many VMs would be pushed out
 * of the processor's caches before its next sample comes.
 */
final class LiveVms {
    private final SampleView sample = new SampleView();
    private final Map<String, LiveVm> byName = new HashMap<>();
    private volatile int size;
    private volatile int paused;
    private volatile int advised;

    @Nullable
    LiveVm get(String vm) {
        return byName.get(vm);
    }

    LiveVm add(String vm, Terms terms) {
        LiveVm live = new LiveVm(new VmId(vm), terms, sample);
        byName.put(vm, live);
        count(terms, 1);
        return live;
    }

    /** Gives a VM other terms. */
    void agree(LiveVm live, Terms terms) {
        count(live.terms(), -1);
        live.agree(terms);
        count(terms, 1);
    }

    void remove(String vm) {
        @Nullable LiveVm live = byName.remove(vm);
        if (live != null) {
            count(live.terms(), -1);
        }
    }

    int size() {
        return size;
    }

    /** Those whose control is paused. */
    int paused() {
        return paused;
    }

    /** Those that are under advice only. */
    int advised() {
        return advised;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    private void count(Terms terms, int by) {
        size += by;
        paused += terms.pause().isPresent() ? by : 0;
        advised += terms.isAdvice() ? by : 0;
    }
}
