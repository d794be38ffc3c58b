package io.lull.job.admit;

import io.lull.job.state.KeptText;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import java.util.Arrays;

/**
 * Says which records of a VM are taken up for scheduling: whose, and in which order. Pure but for the {@link
 * AdmissionState} that it is handed.
 *
 * <p><b>Unknown VM.</b> There is no list of VMs: the first sample of one makes it known, until it has been silent for so
 * long that it is forgotten. A report alone does not.
 *
 * <p><b>Who is believed.</b> While a VM moves, or after a failover, two hosts may report it for a while. The newcomer is
 * believed at once: it is where the VM went. A host that was believed before is passed over, until the one that is
 * believed has been silent for {@code silenceMicros}; so an old primary that does not know of its end yet can't take the
 * VM back by talking on. Of more than {@link #MAX_FORMER} former hosts the oldest is a newcomer again.
 *
 * <p><b>Order.</b> A record is an old one only if both its host's clock and its place in the worker's count of epochs say
 * so:
 *
 * <pre>
 * old  = time ≤ newest time and (epoch, elapsed) ≤ newest (epoch, elapsed)      same as the newest: DUPLICATE, else REORDERED
 * new  = everything else; with a lower epoch RESTARTED
 * </pre>
 *
 * <p>So a clock that is set back and a worker that begins anew are both followed at once; only when both happen together
 * does the VM wait for {@code silenceMicros}, after which whatever comes is new. What was reported is forgotten with the count
 * of epochs that it was of.
 */
public final class Admission {
    /** Former hosts that are remembered. */
    public static final int MAX_FORMER = 4;

    /** A report can't be of an epoch so much later than the newest sample's: what said so is not believed any more. */
    static final long MAX_EPOCHS_AHEAD = 100_000;

    /** Longest name of a host that is kept, as UTF-8; two with the same begin count as one. */
    static final int HOST_BYTES = 64;

    private final long silenceMicros;

    /** After {@code silenceMicros} without a sample of the host that is believed, any is. */
    public Admission(long silenceMicros) {
        this.silenceMicros = silenceMicros;
    }

    /** What becomes of a sample that arrives at {@code nowMicros}. */
    public Verdict onSample(AdmissionState state, VmSample sample, long nowMicros) {
        String host = KeptText.cut(sample.hostId(), HOST_BYTES);
        // The job's own clock may have been set back, and silence counts from what it says now.
        state.seenAtMicros = Math.min(state.seenAtMicros, nowMicros);
        Verdict verdict = ofSample(state, host, sample, nowMicros);
        if (verdict == Verdict.MOVED) {
            believe(state, host);
        }
        if (verdict == Verdict.MOVED || verdict == Verdict.RESTARTED) {
            forgetReports(state);
        }
        if (verdict.admitted()) {
            state.known = true;
            state.host = host;
            state.seenAtMicros = nowMicros;
            state.epoch = sample.epoch();
            state.elapsedNanos = sample.elapsedNanos();
            state.sampledAtMicros = sample.sampledAtMicros();
        }
        return verdict;
    }

    /** What becomes of a report. */
    public Verdict onReport(AdmissionState state, EpochReport report) {
        if (!state.known) {
            return Verdict.UNKNOWN_VM;
        }
        if (!KeptText.cut(report.hostId(), HOST_BYTES).equals(state.host)) {
            return Verdict.OTHER_HOST;
        }
        if (state.reportedEpoch - state.epoch > MAX_EPOCHS_AHEAD) {
            forgetReports(state);
        }
        if (report.endedAtMicros() <= state.endedAtMicros && report.epoch() <= state.reportedEpoch) {
            boolean same = report.endedAtMicros() == state.endedAtMicros && report.epoch() == state.reportedEpoch;
            return same ? Verdict.DUPLICATE : Verdict.REORDERED;
        }
        state.reportedEpoch = report.epoch();
        state.endedAtMicros = report.endedAtMicros();
        return Verdict.NEXT;
    }

    private Verdict ofSample(AdmissionState state, String host, VmSample sample, long nowMicros) {
        if (!state.known) {
            return Verdict.NEXT;
        }
        boolean silent = nowMicros - state.seenAtMicros >= silenceMicros;
        if (!host.equals(state.host)) {
            boolean former = Arrays.asList(state.formerHosts).contains(host);
            return former && !silent ? Verdict.OTHER_HOST : Verdict.MOVED;
        }
        int place = Long.compare(sample.epoch(), state.epoch);
        boolean restarted = place < 0;
        place = place == 0 ? Long.compare(sample.elapsedNanos(), state.elapsedNanos) : place;
        if (!silent && place <= 0 && sample.sampledAtMicros() <= state.sampledAtMicros) {
            boolean same = place == 0 && sample.sampledAtMicros() == state.sampledAtMicros;
            return same ? Verdict.DUPLICATE : Verdict.REORDERED;
        }
        return restarted ? Verdict.RESTARTED : Verdict.NEXT;
    }

    /** Makes {@code host} the believed one; the one before joins the former ones. */
    private static void believe(AdmissionState state, String host) {
        String[] before = Arrays.stream(state.formerHosts)
                .filter(former -> !former.equals(host))
                .toArray(String[]::new);
        int from = Math.max(0, before.length + 1 - MAX_FORMER);
        String[] former = Arrays.copyOfRange(before, from, before.length + 1);
        former[former.length - 1] = state.host;
        state.formerHosts = former;
    }

    private static void forgetReports(AdmissionState state) {
        state.reportedEpoch = 0;
        state.endedAtMicros = 0;
    }
}
