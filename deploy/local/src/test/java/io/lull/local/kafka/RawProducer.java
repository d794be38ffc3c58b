package io.lull.local.kafka;

import io.lull.producer.kafka.KafkaConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes bytes to a topic as the job does, or as somebody else might. */
final class RawProducer implements AutoCloseable {
    private static final long MAX_BLOCK_MILLIS = 30_000;

    private final KafkaProducer<String, byte[]> producer;

    RawProducer(KafkaConnection connection) {
        Map<String, Object> settings = connection.clientSettings();
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS);
        this.producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    Future<RecordMetadata> send(String topic, String key, byte[] value) {
        return producer.send(new ProducerRecord<>(topic, key, value));
    }

    void sendAndWait(String topic, String key, byte[] value) throws ExecutionException, InterruptedException {
        send(topic, key, value).get();
    }

    /** A record without a value, as compaction uses it. */
    void sendTombstone(String topic, String key) throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>(topic, key, null)).get();
    }

    void sendGarbage(String topic, String key) throws ExecutionException, InterruptedException {
        sendAndWait(topic, key, "no record".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
