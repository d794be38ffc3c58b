package io.lull.job.metrics;

/** What is added up over a pane's epoch reports. Flink keeps the sums in this order: new ones go to the end. */
enum ReportSum {
    EPOCHS,
    LENGTH_NANOS,
    DIRTY_PAGES,
    UNCHANGED_PAGES,
    ZERO_PAGES,
    RAW_PAGES,
    WRITTEN_BYTES,
    DELTA_BYTES,
    SHIPPED_BYTES,
    RELEASED_PACKETS;

    static final int COUNT = values().length;
}
