package io.lull.job.kafka;

/** How often a record comes out that is written once, whatever fails. */
public enum Delivery {
    /** At once, and again after a restart of the job: what it did since the last Flink checkpoint it does twice. */
    AT_LEAST_ONCE,
    /** When the next Flink checkpoint is complete, for readers of committed records. */
    EXACTLY_ONCE
}
