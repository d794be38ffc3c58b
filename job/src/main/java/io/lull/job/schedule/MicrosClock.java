package io.lull.job.schedule;

import java.io.Serializable;
import java.time.Instant;

/** The job's wall clock. */
@FunctionalInterface
public interface MicrosClock extends Serializable {
    /** The machine's. */
    MicrosClock SYSTEM = () -> {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    };

    /** Microseconds since 1970. */
    long nowMicros();
}
