package io.lull.job.metrics;

/** What is the highest over a pane's epoch reports. Flink keeps the peaks in this order: new ones go to the end. */
enum ReportPeak {
    PAUSE_NANOS,
    COMMIT_NANOS,
    HELD_WAIT_NANOS;

    static final int COUNT = values().length;
}
