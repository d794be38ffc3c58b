package io.lull.job.stream;

/** The topics that the job reads. */
public enum Input {
    TELEMETRY,
    EPOCHS,
    INTENTS
}
