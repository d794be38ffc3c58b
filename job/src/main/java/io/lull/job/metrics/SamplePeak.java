package io.lull.job.metrics;

/** What is the highest over a pane's samples. Flink keeps the peaks in this order: new ones go to the end. */
enum SamplePeak {
    HELD_PACKETS,
    HELD_BYTES,
    OLDEST_HELD_NANOS,
    CONNECTIONS,
    STALLED,
    WINDOW_FULL,
    ZERO_WINDOW,
    PENDING,
    BYTES_IN_FLIGHT,
    LINK_BACKLOG_BYTES,
    /** One more than the ordinal of the least trustworthy source of dirty pages; 0 where none was counted. */
    DIRTY_SOURCE;

    static final int COUNT = values().length;
}
