package io.lull.policy.lull;

/** What {@link Silence} has added up. A class with public fields, because Flink keeps it as state. */
public final class SilenceState {
    /** For how long nothing has been asked, sent or held, nanoseconds. */
    public long sinceNanos;

    /** Conversations that began after a silence, faded. */
    public double beginnings;

    /** Time in silences, faded, nanoseconds. */
    public double silentNanos;

    /** Time in conversations, faded, nanoseconds. */
    public double talkNanos;

    /** Time that the vCPUs worked in silences, as a share of all of them, faded, nanoseconds. */
    public double busyNanos;
}
