package io.lull.worker.backup;

/**
 * How a takeover went.
 *
 * @param epoch the VM runs from the end of this one
 * @param hot whether a filled standby was there when it was decided
 * @param decisionToStreamedNanos from the decision until the standby had been sent everything
 * @param decisionToResumeNanos from the decision until the VM ran
 * @param reason why it was decided
 */
public record FailoverReport(
        long epoch, boolean hot, long decisionToStreamedNanos, long decisionToResumeNanos, String reason) {}
