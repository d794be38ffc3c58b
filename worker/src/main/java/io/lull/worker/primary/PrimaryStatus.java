package io.lull.worker.primary;

/**
 * What {@code lull status} shows of a primary.
 *
 * @param state of the protection
 * @param stateReason why
 * @param control who decides: FALLBACK or PLANNED
 * @param policy of the newest plan; empty without one
 * @param placement where the newest plan puts the trigger; empty without one
 * @param planReason why the newest plan is as it is; empty without one
 * @param openEpoch the running epoch
 * @param committedEpochs committed by this worker
 * @param sessions begun by this worker
 * @param writtenBytes dirty pages of the committed epochs × page size
 * @param shippedBytes what they took on the wire
 * @param lastPauseNanos of the last committed checkpoint
 * @param lastCommitNanos of the last committed checkpoint
 * @param heldBytes output that waits now
 * @param droppedFrames output dropped over the bound
 */
public record PrimaryStatus(
        String vm,
        String state,
        String stateReason,
        String control,
        String policy,
        String placement,
        String planReason,
        long openEpoch,
        long committedEpochs,
        long sessions,
        long writtenBytes,
        long shippedBytes,
        long lastPauseNanos,
        long lastCommitNanos,
        long heldBytes,
        long droppedFrames) {}
