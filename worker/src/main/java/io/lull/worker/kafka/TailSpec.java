package io.lull.worker.kafka;

import java.time.Duration;
import java.util.Optional;

/**
 * What a tail reads.
 *
 * @param topic full name
 * @param key when present, only records with this key are decoded, and only its partition is read
 * @param readBack how far back records are replayed at the begin; zero for none
 */
public record TailSpec(String topic, Optional<String> key, Duration readBack) {
    public TailSpec {
        if (readBack.isNegative()) {
            throw new IllegalArgumentException("readBack must not be negative, is " + readBack);
        }
    }

    /** All partitions of a topic, from the end. */
    public static TailSpec fromTheEnd(String topic) {
        return new TailSpec(topic, Optional.empty(), Duration.ZERO);
    }
}
