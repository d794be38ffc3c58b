package io.lull.worker.backup;

import java.util.OptionalLong;

/**
 * How a takeover went.
 *
 * @param epoch the VM runs from the end of this one
 * @param hot whether a filled standby was there when it was decided
 * @param fenceNanos how long the fence took to grant it, a part of the times that follow; empty without one
 * @param decisionToStreamedNanos from the decision until the standby had been sent everything
 * @param decisionToResumeNanos from the decision until the VM ran
 * @param reason why it was decided
 */
public record FailoverReport(
        long epoch,
        boolean hot,
        OptionalLong fenceNanos,
        long decisionToStreamedNanos,
        long decisionToResumeNanos,
        String reason) {}
