package io.lull.policy;

/** Where the idle-slot trigger of a VM runs. */
public enum TriggerPlacement {
    /** In the worker, on local signals: one loop of less than a millisecond. */
    HOST,
    /** In the Flink job, on samples: the worker acts on {@code Checkpoint} commands and the longest epoch only. */
    JOB,
    /** In both: whichever fires first. */
    BOTH;

    /** Whether the worker's own trigger looks for idle slots. */
    public boolean onHost() {
        return this != JOB;
    }

    /** Whether the job emits {@code Checkpoint} commands. */
    public boolean inJob() {
        return this != HOST;
    }
}
