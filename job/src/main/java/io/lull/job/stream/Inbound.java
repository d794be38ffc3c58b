package io.lull.job.stream;

import io.lull.policy.OperatorIntent;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;

/** A record from one of the job's inputs, decoded or found bad, together with the bytes that it came as. */
public sealed interface Inbound {
    RawRecord raw();

    /** The key of all that is kept by VM; empty for a bad record. */
    String vmName();

    /**
     * When it happened, by the clock of the host that saw it, in milliseconds since 1970, but not later than {@link
     * RawRecord#latestMillis()}: one host whose clock is ahead must not move the watermark and make the records of all
     * others late.
     */
    long eventMillis();

    /** What the probes saw. */
    record Sample(RawRecord raw, VmSample sample) implements Inbound {
        @Override
        public String vmName() {
            return sample.vm().value();
        }

        @Override
        public long eventMillis() {
            return Math.min(raw.latestMillis(), sample.sampledAtMicros() / 1000);
        }
    }

    /** A committed checkpoint; it happened when it was committed, which is when its report was made. */
    record Report(RawRecord raw, EpochReport report) implements Inbound {
        @Override
        public String vmName() {
            return report.vm().value();
        }

        @Override
        public long eventMillis() {
            long committedMillis =
                    report.endedAtMicros() / 1000 + report.stages().commitNanos() / 1_000_000;
            return Math.min(raw.latestMillis(), committedMillis);
        }
    }

    /** What an operator asks. */
    record Intent(RawRecord raw, OperatorIntent intent) implements Inbound {
        @Override
        public String vmName() {
            return intent.vm().value();
        }

        @Override
        public long eventMillis() {
            return Math.min(raw.latestMillis(), intent.issuedAtMicros() / 1000);
        }
    }

    /** Bytes that are no record of their topic, and why not. */
    record Rejected(RawRecord raw, String reason) implements Inbound {
        @Override
        public String vmName() {
            return "";
        }

        @Override
        public long eventMillis() {
            return raw.latestMillis();
        }
    }
}
