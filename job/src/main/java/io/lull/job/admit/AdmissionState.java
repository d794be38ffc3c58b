package io.lull.job.admit;

/** What {@link Admission} remembers of a VM; kept by Flink. */
public final class AdmissionState {
    /** Whether a sample was taken up yet; before that the rest means nothing. */
    public boolean known;

    /** The host that is believed. */
    public String host = "";

    /** Hosts that were believed before and may still send, the newest last; at most {@link Admission#MAX_FORMER}. */
    public String[] formerHosts = {};

    /** When the newest sample was taken up, the job's clock. */
    public long seenAtMicros;

    /** The newest sample: open epoch, time since it began, time by its host's clock. */
    public long epoch;

    public long elapsedNanos;
    public long sampledAtMicros;

    /** The newest report of this host: its epoch, and when that ended by the host's clock; 0 before the first. */
    public long reportedEpoch;

    public long endedAtMicros;
}
