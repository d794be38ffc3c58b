package io.lull.worker.kafka;

import io.lull.policy.Decision;
import io.lull.policy.VmId;
import io.lull.policy.signal.EpochReport;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.topic.Topic;
import io.lull.schemas.topic.Topics;
import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads what was written of one VM lately and stands in a topic now; it doesn't wait for more. Of a partition at most
 * the newest {@link #MAX_RECORDS} records are looked at, those of other VMs in it included. Records that can't be read
 * are left out.
 */
public final class RecentPast {
    /** The most records that are read of a topic. */
    public static final int MAX_RECORDS = 200_000;

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(5);
    private static final Duration READ_LIMIT = Duration.ofSeconds(60);

    private final KafkaConnection connection;
    private final Topics topics;
    private final VmId vm;
    private final Wire wire = new Wire();

    public RecentPast(KafkaConnection connection, Topics topics, VmId vm) {
        this.connection = connection;
        this.topics = topics;
        this.vm = vm;
    }

    /** The reports that were written since then, oldest first. */
    public List<EpochReport> reports(Instant since) throws IOException {
        return read(topics.epochs(), since, wire::decodeEpoch);
    }

    /** The decisions that were written since then, oldest first. */
    public List<Decision> decisions(Instant since) throws IOException {
        return read(topics.decisions(), since, wire::decodeDecision);
    }

    private <T> List<T> read(Topic topic, Instant since, RecordDecoder<T> decoder) throws IOException {
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
            int partitions = consumer.partitionsFor(topic.name()).size();
            if (partitions == 0) {
                throw new IOException("topic " + topic.name() + " doesn't exist at " + connection.bootstrapServers()
                        + "; check --topic-prefix");
            }
            String key = RecordKeys.of(vm);
            TopicPartition partition = new TopicPartition(topic.name(), TailPositions.partitionOf(key, partitions));
            return read(consumer, partition, since, decoder);
        } catch (KafkaException e) {
            throw new IOException(
                    topic.name() + " at " + connection.bootstrapServers() + " can't be read: " + e.getMessage()
                            + "; check --bootstrap-servers",
                    e);
        }
    }

    private <T> List<T> read(
            Consumer<byte[], byte[]> consumer, TopicPartition partition, Instant since, RecordDecoder<T> decoder)
            throws IOException {
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        consumer.assign(List.of(partition));
        var found = consumer.offsetsForTimes(Map.of(partition, since.toEpochMilli()))
                .get(partition);
        // Null when nothing is so young.
        long from = found == null ? end : found.offset();
        consumer.seek(partition, Math.max(from, end - MAX_RECORDS));
        byte[] key = RecordKeys.of(vm).getBytes(StandardCharsets.UTF_8);
        List<T> values = new ArrayList<>();
        long deadlineNanos = System.nanoTime() + READ_LIMIT.toNanos();
        while (consumer.position(partition) < end) {
            if (System.nanoTime() > deadlineNanos) {
                throw new IOException(partition.topic() + " at " + connection.bootstrapServers()
                        + " could not be read within " + READ_LIMIT.toSeconds() + " s; look less far back with --back");
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (Arrays.equals(key, record.key()) && record.value() != null) {
                    take(record.value(), decoder, values);
                }
            }
        }
        return values;
    }

    private static <T> void take(byte[] bytes, RecordDecoder<T> decoder, List<T> values) {
        try {
            values.add(decoder.decode(bytes));
        } catch (BadRecordException e) {
            // What can't be read can't explain anything; the job keeps such records aside and counts them.
        }
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
