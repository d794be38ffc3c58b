package io.lull.worker.kafka;

import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.wire.BadRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Follows a topic from its end, without a consumer group, in a thread of its own. It survives the loss of Kafka for
 * any time and goes on where it was; bad records are counted and passed over.
 *
 * @param <T> the records' value
 */
public final class RecordTail<T> implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration RETRY_PAUSE = KafkaConnection.MAX_RECONNECT_PAUSE;
    private static final Duration REQUEST_LIMIT = Duration.ofMillis(1_500);
    private static final Duration LONG_POLL = Duration.ofMillis(500);
    private static final Duration METADATA_AGE = Duration.ofSeconds(30);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final KafkaConnection connection;
    private final TailSpec spec;
    private final Optional<byte[]> key;
    private final RecordDecoder<T> decoder;
    private final TailListener<T> listener;
    private final TailPositions positions;
    private final Thread thread;
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch following = new CountDownLatch(1);

    /**
     * A tail; it reads once it is started.
     *
     * @param clock wall clock, for how far it reads back
     */
    public RecordTail(
            KafkaConnection connection,
            TailSpec spec,
            InstantSource clock,
            RecordDecoder<T> decoder,
            TailListener<T> listener) {
        this.connection = connection;
        this.spec = spec;
        this.key = spec.key().map(text -> text.getBytes(StandardCharsets.UTF_8));
        this.decoder = decoder;
        this.listener = listener;
        this.positions = new TailPositions(spec, clock);
        this.thread = new Thread(this::run, "lull-tail-" + spec.topic());
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Waits until it is placed in the topic: what is written from then on is delivered. Whether that came in time. */
    public boolean awaitFollowing(Duration limit) throws InterruptedException {
        return following.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Records handed to the listener, replays included. */
    public long delivered() {
        return delivered.get();
    }

    /** Records that could not be read. */
    public long rejected() {
        return rejected.get();
    }

    /** Ends the thread; not to be called by the listener. */
    @Override
    public void close() throws InterruptedException {
        closed.countDown();
        thread.join(CLOSE_LIMIT.toMillis());
    }

    private void run() {
        while (isOpen()) {
            try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
                follow(consumer);
            } catch (ListenerFailure e) {
                throw e;
            } catch (KafkaException e) {
                listener.trouble(spec.topic() + " at " + connection.bootstrapServers() + " can't be read: "
                        + e.getMessage() + "; trying on");
                pause();
            }
        }
    }

    private void follow(Consumer<byte[], byte[]> consumer) {
        positions.place(consumer);
        while (isOpen()) {
            if (consumer.assignment().isEmpty()) {
                listener.trouble("topic " + spec.topic() + " doesn't exist at " + connection.bootstrapServers()
                        + "; waiting for it");
                pause();
            } else {
                following.countDown();
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    take(record);
                }
            }
            if (positions.moved(consumer)) {
                positions.place(consumer);
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        boolean replay = positions.passed(new TopicPartition(record.topic(), record.partition()), record.offset());
        boolean others = key.isPresent() && !Arrays.equals(key.get(), record.key());
        if (others || record.value() == null) {
            return;
        }
        try {
            hand(decoder.decode(record.value()), replay);
        } catch (BadRecordException e) {
            rejected.incrementAndGet();
            listener.rejected(e, record.value());
        }
    }

    private void hand(T value, boolean replay) {
        delivered.incrementAndGet();
        try {
            if (replay) {
                listener.replayed(value);
            } else {
                listener.record(value);
            }
        } catch (KafkaException e) {
            throw new ListenerFailure(e);
        }
    }

    private boolean isOpen() {
        return closed.getCount() > 0;
    }

    private void pause() {
        try {
            closed.await(RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a tail's thread was interrupted; close() is the way to end it", e);
        }
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = connection.clientSettings();
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) LONG_POLL.toMillis());
        settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_AGE.toMillis());
        // A broker that vanished without a word is noticed after this time.
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) REQUEST_LIMIT.toMillis());
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) (2 * REQUEST_LIMIT.toMillis()));
        return settings;
    }

    /** A listener's own failure, so that it isn't taken for one of Kafka's. */
    private static final class ListenerFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ListenerFailure(KafkaException cause) {
            super("a listener failed", cause);
        }
    }
}
