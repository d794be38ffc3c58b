package io.lull.policy.sim;

import java.util.Arrays;

/** The checkpoints that are captured and not yet acknowledged, the oldest first, and the link that ships them in turn. */
final class CheckpointsInFlight {
    private final CostModel cost;
    private final Checkpoint[] ring;
    private int first;
    private int size;
    private long linkFreeAt;

    CheckpointsInFlight(CostModel cost) {
        this.cost = cost;
        ring = new Checkpoint[cost.maxInFlight()];
        Arrays.setAll(ring, i -> new Checkpoint());
    }

    boolean isFull() {
        return size == ring.length;
    }

    /** A place for one more, with what another one left in it; only while not full. */
    Checkpoint add() {
        Checkpoint next = ring[(first + size) % ring.length];
        size++;
        return next;
    }

    /** The one that was added last; only while there is one. */
    Checkpoint newest() {
        return ring[(first + size - 1) % ring.length];
    }

    /** Ships {@code captured} as soon as the link is free, from {@code readyAt} on; says when it will be committed. */
    void ship(Checkpoint captured, long readyAt) {
        long shipped = Math.max(readyAt, linkFreeAt) + (long) cost.shipNanosOf(captured.dirtyPages);
        linkFreeAt = shipped;
        captured.shipNanos = shipped - readyAt;
        captured.commitAt = shipped + cost.ackNanos();
    }

    /** Takes the oldest out; it stays as it is until {@link #add}. */
    Checkpoint removeOldest() {
        Checkpoint oldest = ring[first];
        first = (first + 1) % ring.length;
        size--;
        return oldest;
    }

    /** Keeps the link busy until {@code atNanos}: a fault. */
    void stallLink(long atNanos) {
        linkFreeAt = Math.max(linkFreeAt, atNanos);
    }

    /** What the link still has to send at {@code nowNanos}. */
    long backlogBytes(long nowNanos) {
        return (long) (Math.max(0.0, linkFreeAt - nowNanos) * (cost.linkBytesPerSecond() / 1e9));
    }

    void copyFrom(CheckpointsInFlight other) {
        for (int i = 0; i < ring.length; i++) {
            ring[i].copyFrom(other.ring[i]);
        }
        first = other.first;
        size = other.size;
        linkFreeAt = other.linkFreeAt;
    }
}
