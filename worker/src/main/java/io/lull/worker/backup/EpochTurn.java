package io.lull.worker.backup;

import java.io.IOException;

/**
 * How a session's sealed epochs wait for the apply thread: few of them, but behind the session's first as many as there is room for. One
 * whose index takes more heap than it may have without asking is never one of many.
 */
record EpochTurn(SessionParts parts) {
    /**
     * Queues an epoch, waiting for its turn.
     *
     * @param isFirst whether it is the session's first
     */
    void queue(EpochLog complete, boolean isFirst) throws IOException, InterruptedException {
        ApplyLoop apply = parts.apply();
        Runnable commit = () -> parts.committer().commit(complete);
        if (isFirst) {
            apply.putFirst(commit);
        } else if (!apply.isBehind()) {
            apply.put(commit);
        } else if (complete.records() <= RecordIndex.OWN_RECORDS
                && parts.slots().isRoomLeft()) {
            complete.rest();
            apply.put(commit);
        } else {
            apply.putBehindFew(commit);
        }
    }
}
