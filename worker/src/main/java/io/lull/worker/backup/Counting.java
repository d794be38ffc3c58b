package io.lull.worker.backup;

import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.LossKind;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what passes to another listener: commits, and connections dropped for what the peer did. */
final class Counting implements BackupListener {
    private final BackupListener next;
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private volatile Optional<String> lastDropReason = Optional.empty();

    Counting(BackupListener next) {
        this.next = next;
    }

    long commits() {
        return commits.get();
    }

    long dropped() {
        return dropped.get();
    }

    Optional<String> lastDropReason() {
        return lastDropReason;
    }

    @Override
    public void sessionOpened(Hello hello) {
        next.sessionOpened(hello);
    }

    @Override
    public void sessionLost(LossKind kind, String why) {
        if (kind == LossKind.PROTOCOL_ERROR) {
            countDrop(why);
        }
        next.sessionLost(kind, why);
    }

    @Override
    public void connectionDropped(String why) {
        countDrop(why);
        next.connectionDropped(why);
    }

    @Override
    public void judged(FailoverRule.Verdict verdict) {
        next.judged(verdict);
    }

    private void countDrop(String why) {
        lastDropReason = Optional.of(why);
        dropped.incrementAndGet();
    }

    @Override
    public void committed(long epoch, Received received, CommittedImage image) {
        next.committed(epoch, received, image);
        commits.incrementAndGet();
    }

    @Override
    public void standby(HotStandby.State state, String why) {
        next.standby(state, why);
    }

    @Override
    public void failover(Failover.State state, String why) {
        next.failover(state, why);
    }
}
