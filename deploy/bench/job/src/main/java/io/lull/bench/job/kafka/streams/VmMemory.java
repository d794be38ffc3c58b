package io.lull.bench.job.kafka.streams;

import io.lull.policy.signal.IdleState;

/** What Kafka Streams keeps of a VM beside its policy's own state. */
public final class VmMemory {
    public IdleState idle = new IdleState();
    public long lastId;
    public long lastSeenMicros;

    /** When a plan was sent last, and at which revision of the policy's state. */
    public long sentAtMicros;

    public long sentRevision;
    public long decisionId;

    /** The open windows of 100 ms, 1 s and 10 s. */
    public WindowSums pane = new WindowSums();

    public WindowSums second = new WindowSums();
    public WindowSums tenSeconds = new WindowSums();
}
