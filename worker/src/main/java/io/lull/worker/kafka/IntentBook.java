package io.lull.worker.kafka;

import io.lull.policy.OperatorIntent;
import io.lull.policy.VmId;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.topic.Topic;
import io.lull.schemas.topic.Topics;
import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.Wire;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * What operators ask for VMs, as it stands in Kafka: each intent under the key of its VM and slot, the newest of which counts; a
 * record without a value takes it back.
 */
public final class IntentBook {
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(10);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(5);

    private final KafkaConnection connection;
    private final Topic topic;
    private final Wire wire = new Wire();

    public IntentBook(KafkaConnection connection, Topics topics) {
        this.connection = connection;
        this.topic = topics.intents();
    }

    /**
     * Writes an intent, in the place of the one before of its slot; returns when Kafka has it.
     *
     * @throws IOException when Kafka doesn't take it within {@link #WRITE_LIMIT}; one line
     */
    public void write(OperatorIntent intent) throws IOException {
        send(RecordKeys.of(intent), wire.encode(intent));
    }

    /**
     * Takes back what was asked of this VM in the slot of {@code kind}, whether or not anything was; errors as for
     * {@link #write}.
     */
    public void takeBack(VmId vm, OperatorIntent.Kind kind) throws IOException {
        send(RecordKeys.ofIntent(vm, kind), null);
    }

    /**
     * What stands for a VM, by slot, expired ones included; empty where it can't be read.
     *
     * @throws IOException when the topic can't be read; one line
     */
    public Map<String, Optional<OperatorIntent>> of(VmId vm) throws IOException {
        String prefix = RecordKeys.of(vm) + "/";
        Map<String, Optional<OperatorIntent>> bySlot = new LinkedHashMap<>();
        new StandingRecords(connection, topic).read(partitions -> 0, Optional.empty(), record -> {
            String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
            if (key.startsWith(prefix)) {
                take(key.substring(prefix.length()), record, bySlot);
            }
        });
        return bySlot;
    }

    private void take(
            String slot, ConsumerRecord<byte[], byte[]> record, Map<String, Optional<OperatorIntent>> bySlot) {
        bySlot.remove(slot);
        if (record.value() != null) {
            bySlot.put(slot, decode(record.value()));
        }
    }

    private Optional<OperatorIntent> decode(byte[] bytes) {
        try {
            return Optional.of(wire.decodeIntent(bytes));
        } catch (BadRecordException e) {
            return Optional.empty();
        }
    }

    private void send(String key, byte @Nullable [] value) throws IOException {
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(settings())) {
            producer.send(new ProducerRecord<>(topic.name(), 0, key.getBytes(StandardCharsets.UTF_8), value))
                    .get();
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + topic.name() + " was written");
        } catch (ExecutionException e) {
            throw refused(e.getCause() == null ? e : e.getCause());
        } catch (KafkaException e) {
            throw refused(e);
        }
    }

    private IOException refused(Throwable why) {
        return new IOException(
                topic.name() + " at " + connection.bootstrapServers() + " can't be written: " + why.getMessage()
                        + "; check --bootstrap-servers, and that this user may write it",
                why);
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = connection.clientSettings();
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, WRITE_LIMIT.toMillis());
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) REQUEST_LIMIT.toMillis());
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) WRITE_LIMIT.toMillis());
        return settings;
    }
}
