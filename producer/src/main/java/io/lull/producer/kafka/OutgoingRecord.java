package io.lull.producer.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * An encoded record on its way out.
 *
 * @param topic full name
 * @param key as text
 * @param value encoded; not to be changed
 * @param queuedAtNanos when it was handed over, monotonic
 * @param dueAtNanos until when it may wait for others to go with; {@code queuedAtNanos} when it must go at once
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; a copy per record would buy nothing.
record OutgoingRecord(String topic, String key, byte[] value, long queuedAtNanos, long dueAtNanos) {
    /** A record that goes at once. */
    OutgoingRecord(String topic, String key, byte[] value, long queuedAtNanos) {
        this(topic, key, value, queuedAtNanos, queuedAtNanos);
    }

    ProducerRecord<byte[], byte[]> forKafka() {
        return new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value);
    }
}
