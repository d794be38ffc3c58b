package io.lull.policy.signal;

import io.lull.policy.Checks;
import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import java.util.List;

/**
 * What one committed checkpoint was and cost, measured by the worker.
 *
 * @param vm whose
 * @param hostId where
 * @param epoch the epoch that the checkpoint ended
 * @param decisionId the {@code Decision} behind the plan or command that ended it; 0 when the worker decided alone
 * @param reason what ended the epoch
 * @param endedAtMicros when the guest was paused, host wall clock
 * @param lengthNanos from resume to pause
 */
public record EpochReport(
        VmId vm,
        String hostId,
        long epoch,
        long decisionId,
        TriggerReason reason,
        long endedAtMicros,
        long lengthNanos,
        Pause pause,
        Pages pages,
        List<Long> dirtyPagesPerVcpu,
        Bytes bytes,
        Stages stages,
        Held held,
        Trigger trigger,
        String codec,
        int threads) {
    public EpochReport {
        Checks.positive("epoch", epoch);
        Checks.notNegative("decisionId", decisionId);
        Checks.notNegative("endedAtMicros", endedAtMicros);
        Checks.notNegative("lengthNanos", lengthNanos);
        Checks.positive("threads", threads);
        dirtyPagesPerVcpu = List.copyOf(dirtyPagesPerVcpu);
    }

    /**
     * The pause in its parts, in nanoseconds; they add up to the time in which the guest stood still.
     *
     * @param stopNanos from the order to pause until QEMU says that the guest is paused and its disks are drained
     * @param captureNanos reading the dirty pages
     * @param deviceStateNanos reading the device state
     * @param resumeNanos from the order to resume until it was handed to QEMU
     * @param workerNanos how much of them the worker took for itself: all that passed, once the guest was paused, outside
     *     its reads of QEMU's stream; the copy out of the socket, which the kernel does within them, is QEMU's here
     */
    public record Pause(long stopNanos, long captureNanos, long deviceStateNanos, long resumeNanos, long workerNanos) {
        /** Each part at most, so that their sum does not overflow. */
        private static final double LONGEST_NANOS = 1e18;

        public Pause {
            Checks.within("stopNanos", (double) stopNanos, 0, LONGEST_NANOS);
            Checks.within("captureNanos", (double) captureNanos, 0, LONGEST_NANOS);
            Checks.within("deviceStateNanos", (double) deviceStateNanos, 0, LONGEST_NANOS);
            Checks.within("resumeNanos", (double) resumeNanos, 0, LONGEST_NANOS);
            Checks.within("workerNanos", (double) workerNanos, 0, LONGEST_NANOS);
            if (workerNanos > stopNanos + captureNanos + deviceStateNanos + resumeNanos) {
                throw new IllegalArgumentException(
                        "the worker's " + workerNanos + " ns of a pause are more than all of it: " + stopNanos + " + "
                                + captureNanos + " + " + deviceStateNanos + " + " + resumeNanos);
            }
        }

        public long totalNanos() {
            return stopNanos + captureNanos + deviceStateNanos + resumeNanos;
        }
    }

    /**
     * The dirty pages by what became of them; unchanged + zero + delta + raw = dirty.
     *
     * @param dirtyPages pages in QEMU's stream
     * @param unchangedPages written with what they held before: not shipped
     * @param zeroPages now all zero: one bit each
     * @param deltaPages shipped as changed words
     * @param rawPages shipped whole, for want of an earlier version on the backup
     */
    public record Pages(long dirtyPages, long unchangedPages, long zeroPages, long deltaPages, long rawPages) {
        public Pages {
            Checks.notNegative("dirtyPages", dirtyPages);
            Checks.notNegative("unchangedPages", unchangedPages);
            Checks.notNegative("zeroPages", zeroPages);
            Checks.notNegative("deltaPages", deltaPages);
            Checks.notNegative("rawPages", rawPages);
            if (unchangedPages + zeroPages + deltaPages + rawPages != dirtyPages) {
                throw new IllegalArgumentException("pages do not add up: " + unchangedPages + " unchanged + "
                        + zeroPages + " zero + " + deltaPages + " delta + " + rawPages + " raw != " + dirtyPages);
            }
        }
    }

    /**
     * Bytes at each stage.
     *
     * @param writtenBytes dirty pages × page size
     * @param deltaBytes after shadow compare and word delta
     * @param shippedBytes on the wire for this epoch, device state, disk and framing included
     * @param deviceStateBytes device state before coding
     * @param diskBytes disk writes of the epoch before coding
     */
    public record Bytes(long writtenBytes, long deltaBytes, long shippedBytes, long deviceStateBytes, long diskBytes) {
        public Bytes {
            Checks.notNegative("writtenBytes", writtenBytes);
            Checks.notNegative("deltaBytes", deltaBytes);
            Checks.notNegative("shippedBytes", shippedBytes);
            Checks.notNegative("deviceStateBytes", deviceStateBytes);
            Checks.notNegative("diskBytes", diskBytes);
        }
    }

    /**
     * Time of each stage after the guest was resumed.
     *
     * @param hashNanos hashing for the verification that followed the last report, wall time
     * @param deltaNanos compare and delta, CPU time over all threads
     * @param compressNanos codec, CPU time over all threads
     * @param shipNanos wall time from captured to the last byte handed to the network
     * @param commitNanos wall time from paused to acknowledged
     */
    public record Stages(long hashNanos, long deltaNanos, long compressNanos, long shipNanos, long commitNanos) {
        public Stages {
            Checks.notNegative("hashNanos", hashNanos);
            Checks.notNegative("deltaNanos", deltaNanos);
            Checks.notNegative("compressNanos", compressNanos);
            Checks.notNegative("shipNanos", shipNanos);
            Checks.notNegative("commitNanos", commitNanos);
        }
    }

    /**
     * The output that this commit released.
     *
     * @param maxWaitNanos how long its oldest frame was held; 0 when nothing was
     * @param known whether the gate sees frames at all; when false the numbers mean nothing and are 0
     */
    public record Held(long packets, long bytes, long maxWaitNanos, boolean known) {
        /** By a gate that doesn't see what it lets go. */
        public static final Held UNKNOWN = new Held(0, 0, 0, false);

        /** Where frames are seen. */
        public Held(long packets, long bytes, long maxWaitNanos) {
            this(packets, bytes, maxWaitNanos, true);
        }

        public Held {
            Checks.notNegative("packets", packets);
            Checks.notNegative("bytes", bytes);
            Checks.notNegative("maxWaitNanos", maxWaitNanos);
        }
    }

    /**
     * How long the decision took, in parts.
     *
     * @param signalToDecisionNanos from the end of the sample that decided to the trigger's or the command's firing
     *     in the worker
     * @param decisionToPauseNanos from there until the guest was paused
     * @param busyRatio busy share of the vCPUs in the worker's last sample before it fired, 0..1
     */
    public record Trigger(long signalToDecisionNanos, long decisionToPauseNanos, double busyRatio) {
        public Trigger {
            Checks.notNegative("signalToDecisionNanos", signalToDecisionNanos);
            Checks.notNegative("decisionToPauseNanos", decisionToPauseNanos);
            Checks.within("busyRatio", busyRatio, 0, 1);
        }
    }
}
