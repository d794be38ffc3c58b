package io.lull.policy.rival;

import io.lull.policy.EpochPlan;
import io.lull.policy.HardLimits;
import io.lull.policy.LeasedPlan;
import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import io.lull.policy.trigger.EpochTrigger;
import io.lull.policy.trigger.TriggerInput;
import java.util.List;
import java.util.Optional;

/** Epochs to try plans on, and reports of epochs. */
public final class TestEpoch {
    public static final long MS = 1_000_000;
    private static final VmId VM = new VmId("vm-1");

    /** So wide that plans alone decide. */
    public static final HardLimits NO_LIMITS =
            new HardLimits(0, Long.MAX_VALUE / 4, Long.MAX_VALUE / 4, Long.MAX_VALUE, Long.MAX_VALUE);

    private TestEpoch() {}

    /** A report of an epoch of {@code lengthNanos}, of which nothing else is known. */
    public static EpochReport ofLength(long lengthNanos) {
        return report(lengthNanos, 0, 0, 0);
    }

    public static EpochReport report(long lengthNanos, long pauseNanos, long commitNanos, long dirtyPages) {
        return new EpochReport(
                VM,
                "host-1",
                1,
                0,
                TriggerReason.INTERVAL,
                1,
                lengthNanos,
                new EpochReport.Pause(0, pauseNanos, 0, 0, 0),
                new EpochReport.Pages(dirtyPages, 0, 0, dirtyPages, 0),
                List.of(dirtyPages),
                new EpochReport.Bytes(0, 0, 0, 0, 0),
                new EpochReport.Stages(0, 0, 0, 0, commitNanos),
                new EpochReport.Held(0, 0, 0),
                new EpochReport.Trigger(0, 0, 0),
                "none",
                1);
    }

    /** An epoch that began now, under {@code plan} and no limits. */
    public static TriggerInput under(EpochPlan plan) {
        TriggerInput input = new TriggerInput(VM, NO_LIMITS);
        input.plan = Optional.of(new LeasedPlan(1, plan, Long.MAX_VALUE));
        return input;
    }

    /** What the trigger says after the guest has run for {@code elapsedNanos}. */
    public static Optional<TriggerReason> at(TriggerInput input, long elapsedNanos) {
        input.sample.elapsedNanos = elapsedNanos;
        return EpochTrigger.decide(input);
    }

    /** Holds {@code packets} frames of the open epoch. */
    public static void hold(SampleView sample, long packets) {
        sample.heldPackets = packets;
        sample.openPackets = packets;
    }
}
