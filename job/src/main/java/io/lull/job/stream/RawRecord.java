package io.lull.job.stream;

/**
 * A record as it came from Kafka, with where it came from.
 *
 * @param input which of the job's inputs
 * @param topic the topic's full name
 * @param partition the topic's partition
 * @param offset in the partition
 * @param appendedMillis when the broker took it, or when the job read it where the topic keeps the producers' own times
 * @param hasKey whether it has a key; without one {@code key} is empty
 * @param key not to be written to
 * @param hasValue whether it has a value; a tombstone has none, and {@code value} is empty
 * @param value not to be written to
 */
@SuppressWarnings(
        "ArrayRecordComponent") // Compared nowhere; a copy of every record would cost as much as its decoding.
public record RawRecord(
        Input input,
        String topic,
        int partition,
        long offset,
        long appendedMillis,
        boolean hasKey,
        byte[] key,
        boolean hasValue,
        byte[] value) {
    /** A record that came within this one, in its place in Kafka and under its key. */
    RawRecord within(byte[] part) {
        return part == value
                ? this
                : new RawRecord(input, topic, partition, offset, appendedMillis, hasKey, key, hasValue, part);
    }
}
