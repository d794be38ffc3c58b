package io.lull.policy.signal;

/**
 * What {@link IdleSlotDetector} remembers of the open epoch. A class with public fields, because Flink keeps it as
 * state and must be able to add and remove fields.
 */
public final class IdleState {
    static final int WORK_WEIGHT = 4;
    static final long LONGEST_REST_NANOS = 100_000_000;

    /** The open epoch at the last sample; 0 before the first one. */
    public long epoch;

    /** How long samples have been idle in a row. */
    public long idleNanos;

    /** How long the guest has sent nothing. */
    public long quietNanos;

    /**
     * How long the guest has rested and sent nothing; a moment of work takes off {@value #WORK_WEIGHT} times its length,
     * so that the guest's own timers don't hide a rest. Outlives the epoch; at most {@value #LONGEST_REST_NANOS}.
     */
    public long restNanos;

    /** How long the vCPUs have worked in this epoch: the busy share of each sample times its length. */
    public double workNanos;

    /**
     * How long ago held frames were last let go, nanoseconds; {@value #LONGEST_REST_NANOS} once as much has come back as
     * their receivers send when all of them have reacted.
     */
    public long sinceReleaseNanos = LONGEST_REST_NANOS;

    /** Of the frames let go last, those that nothing has come back for. */
    public long awaitedPackets;

    /** Frames held at the last sample. */
    public long heldPackets;

    /** What the last sample led to. */
    public IdleVerdict verdict = IdleVerdict.NONE;

    /** Connections with bytes in flight that the server can't add to, at the last sample. */
    public int stalled;

    /** Those of them whose client takes no further segment. */
    public int windowFull;

    /** The words that belong into the reason of a checkpoint made on this verdict. */
    public String detail() {
        if (verdict == IdleVerdict.NONE) {
            return "no idle slot";
        }
        String what = verdict == IdleVerdict.STRONG ? "idle " : "idle with a request pending ";
        String clients =
                stalled == 0 ? "" : ", " + stalled + " connections stalled (" + windowFull + " with a full window)";
        return what + idleNanos / 1000 + " us, quiet " + quietNanos / 1000 + " us" + clients;
    }
}
