package io.lull.job.stream;

import io.lull.policy.OperatorIntent;
import io.lull.policy.VmId;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;

/**
 * A record from one of the job's inputs, decoded or found bad. All but samples keep the bytes that they came as: samples
 * are most of what comes, and nobody looks at the bytes of one that is good.
 */
public sealed interface Inbound {
    /** When the broker took it, see {@link RawRecord}. */
    long appendedMillis();

    /** The key of all that is kept by VM; empty for a bad record. */
    String vmName();

    /** When it happened, by the clock of the host that saw it, in milliseconds since 1970. */
    long claimedMillis();

    /** Whether {@link #claimedMillis()} is believed. */
    default HostClock clock() {
        return HostClock.judge(claimedMillis(), appendedMillis());
    }

    /** What windows and watermarks go by: the claimed time as far as it is believed, see {@link HostClock}. */
    default long eventMillis() {
        return HostClock.eventMillis(claimedMillis(), appendedMillis());
    }

    /** What the probes saw. */
    record Sample(long appendedMillis, VmSample sample) implements Inbound {
        @Override
        public String vmName() {
            return sample.vm().value();
        }

        @Override
        public long claimedMillis() {
            return sample.sampledAtMicros() / 1000;
        }
    }

    /** A committed checkpoint; it happened when it was committed, which is when its report was made. */
    record Report(RawRecord raw, EpochReport report) implements Inbound {
        @Override
        public long appendedMillis() {
            return raw.appendedMillis();
        }

        @Override
        public String vmName() {
            return report.vm().value();
        }

        @Override
        public long claimedMillis() {
            return report.endedAtMicros() / 1000 + report.stages().commitNanos() / 1_000_000;
        }
    }

    /** What an operator asks. */
    record Intent(RawRecord raw, OperatorIntent intent) implements Inbound {
        @Override
        public long appendedMillis() {
            return raw.appendedMillis();
        }

        @Override
        public String vmName() {
            return intent.vm().value();
        }

        @Override
        public long claimedMillis() {
            return intent.issuedAtMicros() / 1000;
        }
    }

    /**
     * An operator takes an intent back: a tombstone under its key. The topic is compacted, so that a job that starts
     * over does not find the intent any more; one that runs on must not keep it either.
     *
     * @param slot which of the VM's intents, see {@link OperatorIntent.Kind#slot()}
     */
    record Withdrawal(RawRecord raw, VmId vm, String slot) implements Inbound {
        @Override
        public long appendedMillis() {
            return raw.appendedMillis();
        }

        @Override
        public String vmName() {
            return vm.value();
        }

        @Override
        public long claimedMillis() {
            return raw.appendedMillis();
        }
    }

    /** Bytes that are no record of their topic, and why not. */
    record Rejected(RawRecord raw, String reason) implements Inbound {
        @Override
        public long appendedMillis() {
            return raw.appendedMillis();
        }

        @Override
        public String vmName() {
            return "";
        }

        @Override
        public long claimedMillis() {
            return raw.appendedMillis();
        }
    }
}
