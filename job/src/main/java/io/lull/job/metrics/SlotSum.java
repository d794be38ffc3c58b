package io.lull.job.metrics;

/**
 * What is added up over a pane's idle slots once it closes. Flink keeps the sums in this order: new ones go to the end.
 */
enum SlotSum {
    /** Slots that began. */
    SLOTS,
    /** Intervals of the samples in slots. */
    IDLE_NANOS,
    /** From the guest's resume to the sample with which a slot began. */
    ONSET_NANOS,
    ENDED_SLOTS,
    /** Length of the slots that ended. */
    ENDED_NANOS;

    static final int COUNT = values().length;
}
