package io.lull.worker.kafka;

import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.Topic;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What stands in one partition of a topic now: read from a moment, or from its begin, to where it ended when the reading began,
 * without waiting for more. At most the newest {@link #MAX_RECORDS} records are looked at.
 */
final class StandingRecords {
    /** The most records that are read of a topic. */
    static final int MAX_RECORDS = 200_000;

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(5);
    private static final Duration READ_LIMIT = Duration.ofSeconds(60);

    private final KafkaConnection connection;
    private final Topic topic;

    StandingRecords(KafkaConnection connection, Topic topic) {
        this.connection = connection;
        this.topic = topic;
    }

    /**
     * Hands each of them over, oldest first.
     *
     * @param partition which of how many
     * @param since the first that are wanted; all without it
     * @throws IOException when the topic isn't there or can't be read in time; one line
     */
    void read(
            IntUnaryOperator partition,
            Optional<Instant> since,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> to)
            throws IOException {
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
            int partitions = consumer.partitionsFor(topic.name()).size();
            if (partitions == 0) {
                throw new IOException("topic " + topic.name() + " doesn't exist at " + connection.bootstrapServers()
                        + "; check --topic-prefix");
            }
            read(consumer, new TopicPartition(topic.name(), partition.applyAsInt(partitions)), since, to);
        } catch (KafkaException e) {
            throw new IOException(
                    topic.name() + " at " + connection.bootstrapServers() + " can't be read: " + e.getMessage()
                            + "; check --bootstrap-servers",
                    e);
        }
    }

    private void read(
            Consumer<byte[], byte[]> consumer,
            TopicPartition partition,
            Optional<Instant> since,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> to)
            throws IOException {
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        consumer.assign(List.of(partition));
        long from = since.isPresent() ? firstSince(consumer, partition, since.get(), end) : 0;
        // Where what is older was deleted, the reader is sent to where the partition begins.
        consumer.seek(partition, Math.max(from, end - MAX_RECORDS));
        long deadlineNanos = System.nanoTime() + READ_LIMIT.toNanos();
        while (consumer.position(partition) < end) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new IOException(partition.topic() + " at " + connection.bootstrapServers()
                        + " could not be read within " + READ_LIMIT.toSeconds() + " s"
                        + (since.isPresent() ? "; look less far back with --back" : ""));
            }
            consumer.poll(POLL).forEach(to);
        }
    }

    private static long firstSince(
            Consumer<byte[], byte[]> consumer, TopicPartition partition, Instant since, long end) {
        var found = consumer.offsetsForTimes(Map.of(partition, since.toEpochMilli()))
                .get(partition);
        // Null when nothing is so young.
        return found == null ? end : found.offset();
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = connection.clientSettings();
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) REQUEST_LIMIT.toMillis());
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) REQUEST_LIMIT.toMillis());
        return settings;
    }
}
