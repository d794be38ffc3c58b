package io.lull.worker.primary;

import io.lull.policy.signal.EpochReport;
import java.util.function.LongPredicate;

/**
 * The turns of a session whose first commit is recorded at the fence before it counts as protection, and which asks there
 * again after a late one whether that still stands.
 */
final class FencedTurns implements SessionTurns {
    private final SessionTurns next;
    private final LongPredicate firstCommit;

    /**
     * Hands all turns on but the first commit.
     *
     * @param firstCommit takes its epoch; whether output may leave before it is recorded
     */
    FencedTurns(SessionTurns next, LongPredicate firstCommit) {
        this.next = next;
        this.firstCommit = firstCommit;
    }

    @Override
    public boolean firstCommit(long epoch) {
        return firstCommit.test(epoch);
    }

    @Override
    public boolean lateCommit(long epoch) {
        return firstCommit.test(epoch);
    }

    @Override
    public void isProtected(long epoch) {
        next.isProtected(epoch);
    }

    @Override
    public void committed(EpochReport report) {
        next.committed(report);
    }

    @Override
    public void verifyFailed(long epoch, String detail) {
        next.verifyFailed(epoch, detail);
    }

    @Override
    public void diskFailed(String reason) {
        next.diskFailed(reason);
    }

    @Override
    public void copied(long pages, long wireBytes) {
        next.copied(pages, wireBytes);
    }
}
