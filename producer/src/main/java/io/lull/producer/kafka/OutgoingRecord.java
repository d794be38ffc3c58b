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
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; a copy per record would buy nothing.
record OutgoingRecord(String topic, String key, byte[] value, long queuedAtNanos) {
    ProducerRecord<byte[], byte[]> forKafka() {
        return new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value);
    }
}
