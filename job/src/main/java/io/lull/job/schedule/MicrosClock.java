package io.lull.job.schedule;

import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The job's wall clock. */
@FunctionalInterface
public interface MicrosClock extends Serializable {
    /** The machine's. */
    MicrosClock SYSTEM = () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());

    /** Microseconds since 1970. */
    long nowMicros();
}
