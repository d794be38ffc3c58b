package io.lull.worker.kafka;

import io.lull.schemas.wire.BadRecordException;

/**
 * Takes what a tail reads; always called from the tail's own thread. What it throws ends the tail.
 *
 * @param <T> the records' value
 */
public interface TailListener<T> {
    /** A record that was written after the tail began. */
    void record(T value);

    /** A record that was there already; only a tail that reads back has any. */
    default void replayed(T value) {}

    /** A record that could not be read; it has been counted and is passed over. */
    default void rejected(BadRecordException why, byte[] bytes) {}

    /** Kafka can't be read now, in one line; the tail goes on trying. */
    default void trouble(String why) {}
}
