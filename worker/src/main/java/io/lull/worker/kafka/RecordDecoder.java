package io.lull.worker.kafka;

import io.lull.schemas.wire.BadRecordException;

/**
 * The value in a record's bytes.
 *
 * @param <T> the value
 */
@FunctionalInterface
public interface RecordDecoder<T> {
    T decode(byte[] bytes) throws BadRecordException;
}
