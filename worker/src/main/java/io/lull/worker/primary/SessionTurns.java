package io.lull.worker.primary;

import io.lull.policy.signal.EpochReport;

/** What the agent does at the turns of a session. */
interface SessionTurns {
    /**
     * The backup holds the first checkpoint of this session; whether what it acknowledges may leave, or is to wait
     * for {@link PrimarySession#protectionRecorded}.
     */
    default boolean firstCommit(long epoch) {
        isProtected(epoch);
        return true;
    }

    /**
     * An acknowledgement of this epoch came so late that the backup, having heard nothing for as long, may have taken
     * over since it sent it; whether its output may leave all the same, or is to wait for {@link
     * PrimarySession#protectionRecorded}.
     */
    default boolean lateCommit(long epoch) {
        return true;
    }

    /** The backup may take over from now on, at this epoch at the earliest. */
    void isProtected(long epoch);

    /** One more epoch is committed and its output released. */
    void committed(EpochReport report);

    /** The backup's image is not the primary's. */
    void verifyFailed(long epoch, String detail);

    /** The disk's mirror ended by itself. */
    void diskFailed(String reason);

    /** The initial copy is done. */
    void copied(long pages, long wireBytes);
}
