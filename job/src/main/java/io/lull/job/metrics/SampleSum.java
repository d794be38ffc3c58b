package io.lull.job.metrics;

/** What is added up over a pane's samples. Flink keeps the sums in this order: new ones go to the end. */
enum SampleSum {
    SAMPLES,
    /** The intervals, nanoseconds. The sums in units times nanoseconds weigh each sample's value with its interval. */
    SAMPLED_NANOS,
    BUSY_NANOS,
    DIRTY_PAGES,
    TX_PACKETS,
    TX_BYTES,
    RX_PACKETS,
    RX_BYTES,
    DISK_WRITES,
    DISK_WRITE_BYTES,
    DISK_FLUSHES,
    HELD_BYTE_NANOS,
    /** The intervals at whose end output was held. */
    HELD_NANOS,
    STALLED_NANOS,
    WINDOW_FULL_NANOS,
    ZERO_WINDOW_NANOS,
    PENDING_NANOS,
    /** The intervals of the samples that know the link's rate, and that rate times them. */
    LINK_NANOS,
    LINK_BYTE_NANOS_PER_SECOND;

    static final int COUNT = values().length;
}
