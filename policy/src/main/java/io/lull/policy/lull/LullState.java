package io.lull.policy.lull;

import io.lull.policy.PolicyState;
import io.lull.policy.signal.DirtyCurveState;
import io.lull.policy.signal.EwmaState;
import io.lull.policy.signal.HazardState;
import io.lull.policy.signal.LineFit;
import io.lull.policy.signal.LineFitState;
import io.lull.policy.signal.VacantState;

/** What {@link LullPolicy} has learned of a VM. A class with public fields, because Flink keeps it as state. */
public final class LullState extends PolicyState {
    static final double PRIOR_PAUSE_NANOS_PER_PAGE = 4_000;
    static final double PRIOR_COMMIT_NANOS_PER_PAGE = 6_000;

    /** How busy the VM looks when it does nothing. */
    public VacantState vacant = new VacantState();

    /** Pause over dirty pages, nanoseconds. */
    public LineFitState pause = LineFit.start(PRIOR_PAUSE_NANOS_PER_PAGE);

    /** Time from paused to acknowledged over dirty pages, nanoseconds. */
    public LineFitState commit = LineFit.start(PRIOR_COMMIT_NANOS_PER_PAGE);

    /** Bytes on the wire over dirty pages. */
    public LineFitState wire = LineFit.start(400);

    /** Dirty pages over the length of an epoch. */
    public DirtyCurveState dirty = new DirtyCurveState();

    /** Frames held or owed when the whole conversation waits: a decaying maximum. */
    public double talkPackets = 1;

    /** Time that the server worked, faded, nanoseconds. */
    public double workedNanos;

    /** Frames that it sent meanwhile, faded. */
    public double workedPackets;

    /** Busy share when the server has all the work it can do: a decaying maximum. */
    public double saturatedBusyRatio;

    /** How soon a lull begins. */
    public HazardState slots = new HazardState();

    /** Busy share of samples in which all that was asked is answered. */
    public EwmaState answeredBusy = new EwmaState();

    /** The same over a long time: how much goes on beside the server, or without it. */
    public EwmaState backgroundRatio = new EwmaState();

    /** For how long nothing has been sent or received. */
    public double quietNanos;

    /** Whether clients wait for their answers. */
    public ReactionState reaction = new ReactionState();

    /** How conversations begin. */
    public SilenceState silence = new SilenceState();

    /** What each service loses by held output. */
    public ServicesState services = new ServicesState();

    /** What is lost on the average. */
    public LossState loss = new LossState();

    /** How much earlier than computed held output must leave, nanoseconds: the multiplier of the output delay. */
    public double trimNanos;

    /** Frames released by epochs that were about too old to release any in time, faded. */
    public double fullPackets;

    /** Frames released, faded. */
    public double releasedPackets;

    /** Frames of epochs that end at their deadline. */
    public EwmaState deadlinePackets = new EwmaState();

    /** How much longer than computed an epoch must be, a factor: the multiplier of overhead and bandwidth. */
    public double stretch = 1;

    /** Commit over what was expected of an epoch of its length, a factor that three epochs in a hundred pass. */
    public double commitRatio = 1.5;

    /** How long the guest runs in an epoch before it sends its first frame, nanoseconds. */
    public EwmaState lead = new EwmaState();

    /** The open epoch at the last sample. */
    public long epoch;

    /** Whether the guest stood still at the end of the last sample. */
    public boolean pausedBefore;

    /** Requests pending at the last sample. */
    public int pendingBefore;

    /** Requests that looked pending when the guest rested last. */
    public int stuckRequests;

    /** Length of the last pause, nanoseconds. */
    public long lastPauseNanos;

    /** Whether nothing was pending at the last sample. */
    public boolean answered;

    /** Whether anything was received in the last sample. */
    public boolean rxBefore;

    /** When the plan was last looked at, host wall clock, microseconds. */
    public long plannedAtMicros;

    /** The numbers of the plan in force, to tell whether new ones differ. */
    public LullNumbers inForce = new LullNumbers();

    /** Where the next numbers are worked out. */
    public LullNumbers next = new LullNumbers();
}
