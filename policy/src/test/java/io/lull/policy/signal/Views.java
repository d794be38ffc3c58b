package io.lull.policy.signal;

import io.lull.policy.TriggerReason;
import io.lull.policy.fixture.TestSample;
import java.util.List;

/** Samples and reports for the tests of the estimators. */
final class Views {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;

    private Views() {}

    /** A sample of one millisecond, one vCPU, some way into its epoch. */
    static SampleView sample(long epoch) {
        SampleView view = new SampleView();
        view.epoch = epoch;
        view.intervalNanos = MILLI;
        view.elapsedNanos = 20 * MILLI;
        view.vcpus = 1;
        return view;
    }

    static SampleView dirty(long intervalNanos, long... pages) {
        SampleView view = sample(1);
        view.intervalNanos = intervalNanos;
        view.dirtyKnown = true;
        view.vcpus = pages.length;
        System.arraycopy(pages, 0, view.vcpuDirtyPages, 0, pages.length);
        return view;
    }

    static SampleView talk(long epoch, int connections, int pending, int held) {
        SampleView view = sample(epoch);
        view.connections = connections;
        view.requestsPending = pending;
        view.heldPackets = held;
        view.openPackets = held;
        return view;
    }

    static EpochReport report(
            long lengthNanos, long unchanged, long zero, long delta, long deltaBytes, long shippedBytes) {
        long dirty = unchanged + zero + delta;
        return new EpochReport(
                TestSample.VM,
                "host-1",
                1,
                0,
                TriggerReason.INTERVAL,
                0,
                lengthNanos,
                new EpochReport.Pause(0, 0, 0, 0, 0),
                new EpochReport.Pages(dirty, unchanged, zero, delta, 0),
                List.of(),
                new EpochReport.Bytes(dirty * 4096, deltaBytes, shippedBytes, 0, 0),
                new EpochReport.Stages(0, 0, 0, MILLI, MILLI),
                new EpochReport.Held(0, 0, 0),
                new EpochReport.Trigger(0, 0, 0),
                "lz4",
                1);
    }
}
