package io.lull.policy.lull;

import io.lull.policy.TriggerReason;
import io.lull.policy.signal.DirtyCurve;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.LineFit;
import io.lull.policy.signal.SampleView;

/** Samples of a millisecond and what becomes of epochs, for the tests of what {@link LullPolicy} learns. */
final class TestTalk {
    static final long MS = 1_000_000;
    private static final long FRAME_BYTES = 66;

    private TestTalk() {}

    /** Epoch 1, some way in, with {@code held} frames of it held and {@code pending} requests. */
    static SampleView sample(long held, int pending, double busy) {
        SampleView view = new SampleView();
        view.epoch = 1;
        view.intervalNanos = MS;
        view.elapsedNanos = 20 * MS;
        view.vcpus = 1;
        view.heldPackets = held;
        view.openPackets = held;
        view.requestsPending = pending;
        view.busyRatio = busy;
        return view;
    }

    /** The same with {@code packets} that came in, of {@code payloadBytes} each. */
    static SampleView arriving(SampleView view, long packets, long payloadBytes) {
        view.rxPackets = packets;
        view.rxBytes = packets * (FRAME_BYTES + payloadBytes);
        return view;
    }

    /** {@code report} of an epoch that its deadline ended: {@code packets} released, the oldest after that long. */
    static EpochReport releasing(EpochReport report, long packets, long maxWaitNanos) {
        return new EpochReport(
                report.vm(),
                report.hostId(),
                report.epoch(),
                report.decisionId(),
                TriggerReason.DEADLINE,
                report.endedAtMicros(),
                report.lengthNanos(),
                report.pause(),
                report.pages(),
                report.dirtyPagesPerVcpu(),
                report.bytes(),
                report.stages(),
                new EpochReport.Held(packets, packets * FRAME_BYTES, maxWaitNanos),
                report.trigger(),
                report.codec(),
                report.threads());
    }

    /** {@code report} of an epoch at whose end the vCPUs were that busy. */
    static EpochReport endingBusy(EpochReport report, double busyRatio) {
        return new EpochReport(
                report.vm(),
                report.hostId(),
                report.epoch(),
                report.decisionId(),
                report.reason(),
                report.endedAtMicros(),
                report.lengthNanos(),
                report.pause(),
                report.pages(),
                report.dirtyPagesPerVcpu(),
                report.bytes(),
                report.stages(),
                report.held(),
                new EpochReport.Trigger(0, 0, busyRatio),
                report.codec(),
                report.threads());
    }

    /** Each checkpoint costs that much, however many pages are dirty. */
    static void alwaysCosts(LullState state, long pauseNanos, long commitNanos, long shippedBytes) {
        state.pause = LineFit.start(0);
        state.commit = LineFit.start(0);
        state.wire = LineFit.start(0);
        LineFit.update(state.pause, 100, pauseNanos);
        LineFit.update(state.commit, 100, commitNanos);
        LineFit.update(state.wire, 100, shippedBytes);
    }

    /** A guest with 1000 pages after 10 ms, a pause of 1 ms and 4 us a page, and a commit of 1 ms and 6 us a page. */
    static void dirties(LullState state) {
        for (int i = 0; i < 50; i++) {
            DirtyCurve.update(state.dirty, 10 * MS, 1000);
            LineFit.update(state.pause, 1000 + i, MS + 4_000.0 * (1000 + i));
            LineFit.update(state.commit, 1000 + i, MS + 6_000.0 * (1000 + i));
        }
    }
}
