package io.lull.local.kafka;

import io.lull.producer.kafka.KafkaConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Writes bytes to topics, and reads the bytes of some from their beginning. For one thread. */
public final class RawTopics implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int LARGEST_REQUEST_BYTES = 4 << 20;

    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<Received> received = new ArrayList<>();

    /**
     * A record as it was read.
     *
     * @param headers as UTF-8
     */
    @SuppressWarnings("ArrayRecordComponent") // Compared by content where it is compared.
    public record Received(String topic, String key, byte[] value, Map<String, String> headers) {
        private static Received of(ConsumerRecord<String, byte[]> kafkaRecord) {
            Map<String, String> headers = new HashMap<>();
            kafkaRecord
                    .headers()
                    .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
            return new Received(kafkaRecord.topic(), kafkaRecord.key(), kafkaRecord.value(), headers);
        }
    }

    /** Reads all records, those of open and aborted transactions included. */
    public RawTopics(KafkaConnection connection, Collection<String> topicsToRead) {
        this(connection, topicsToRead, "read_uncommitted");
    }

    /** Reads no record of a transaction before it is committed. */
    public static RawTopics committed(String bootstrapServers, Collection<String> topicsToRead) {
        return new RawTopics(KafkaConnection.plain(bootstrapServers), topicsToRead, "read_committed");
    }

    private RawTopics(KafkaConnection connection, Collection<String> topicsToRead, String isolation) {
        Map<String, Object> settings = connection.clientSettings();
        Map<String, Object> producing = new HashMap<>(settings);
        producing.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST_BYTES);
        this.producer = new KafkaProducer<>(producing, new StringSerializer(), new ByteArraySerializer());
        Map<String, Object> consuming = new HashMap<>(settings);
        consuming.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        this.consumer = new KafkaConsumer<>(consuming, new StringDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = topicsToRead.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Returns once the broker has the record; {@code value} is null for a tombstone. */
    public void send(String topic, String key, byte @Nullable [] value)
            throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>(topic, key, value)).get();
    }

    /** As a client whose clock says {@code atMillis}; the time that the broker gave the record. */
    public long sendAt(long atMillis, String topic, String key, byte[] value)
            throws ExecutionException, InterruptedException {
        return producer.send(new ProducerRecord<>(topic, null, atMillis, key, value))
                .get()
                .timestamp();
    }

    /** What came so far from the topics that are read, in the order of each partition. */
    public List<Received> received(String topic) {
        consumer.poll(POLL).forEach(kafkaRecord -> received.add(Received.of(kafkaRecord)));
        return received.stream()
                .filter(kafkaRecord -> kafkaRecord.topic().equals(topic))
                .toList();
    }

    /** Reads until what came from {@code topic} is as {@code wanted}; fails after a minute. */
    public List<Received> await(String what, String topic, Predicate<List<Received>> wanted) {
        long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
        List<Received> soFar = received(topic);
        while (!wanted.test(soFar)) {
            if (System.nanoTime() > deadlineNanos) {
                throw new AssertionError(
                        "not within " + LIMIT + ": " + what + "; " + topic + " has " + soFar.size() + " records");
            }
            soFar = received(topic);
        }
        return soFar;
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        consumer.close();
    }
}
