package io.lull.worker.fence.kafka;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceRecord;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.Topic;
import io.lull.worker.fence.FenceException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kafka clients of the claims to one VM, kept connected from one claim to the next: a takeover waits for its claim.
 *
 * <p>A producer serves one claim, since {@code initTransactions} begins one and is done once in a producer's life; the one
 * for the next claim is connected beforehand by {@link #prepare}, or has begun it already by {@link #begin}. One thread at a
 * time uses this.
 */
final class FenceClients implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FenceClients.class);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(5);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);
    /** A producer sleeps so long before its first transaction, since it must look for the coordinator before. */
    private static final long RETRY_PAUSE_MILLIS = 5;
    /** No VM's name has such a sign. */
    private static final String REHEARSAL = "~rehearsal";
    /** A claim seeks; a fetch that waits at the end of the topic for more would be in its way. */
    private static final int FETCH_WAIT_MILLIS = 10;

    private final KafkaConnection connection;
    private final Topic topic;
    private final String transactionalId;
    private final Admin admin;
    private final Consumer<byte[], byte[]> consumer;
    private Optional<Producer<byte[], byte[]>> next = Optional.empty();
    private Optional<BegunClaim> begun = Optional.empty();
    private Optional<Producer<byte[], byte[]>> spent = Optional.empty();

    private FenceClients(KafkaConnection connection, Topic topic, VmId vm) {
        this.connection = connection;
        this.topic = topic;
        this.transactionalId = topic.name() + "-" + vm.value();
        this.admin = Admin.create(readerSettings());
        try {
            this.consumer = new KafkaConsumer<>(consumerSettings());
        } catch (KafkaException e) {
            admin.close(Duration.ZERO);
            throw e;
        }
    }

    /**
     * Makes them; they connect when they are used, or by {@link #prepare}.
     *
     * @throws KafkaException when the settings are wrong
     */
    static FenceClients of(KafkaConnection connection, Topic topic, VmId vm) {
        return new FenceClients(connection, topic, vm);
    }

    Admin admin() {
        return admin;
    }

    Consumer<byte[], byte[]> consumer() {
        return consumer;
    }

    /**
     * Connects the next claim's producer, without beginning the claim, and ends the last one's. Takes the answer to the
     * reader's last fetch: left alone for longer than a request may take, it would cost the next claim a connection.
     *
     * @throws KafkaException when Kafka doesn't answer
     */
    void prepare() throws InterruptedException {
        spent.ifPresent(FenceClients::close);
        spent = Optional.empty();
        if (begun.isEmpty()) {
            connect();
        }
        if (!consumer.assignment().isEmpty()) {
            consumer.pause(consumer.assignment());
            // Kafka times a poll by the wall clock: one that can get nothing would last until a clock that is set back
            // has caught up.
            consumer.poll(Duration.ZERO);
            // Nothing tells when the answer is there, but a broker keeps it for no longer than a fetch may wait.
            Thread.sleep(2L * FETCH_WAIT_MILLIS);
            consumer.poll(Duration.ZERO);
            consumer.resume(consumer.paused());
        }
    }

    private Producer<byte[], byte[]> connect() {
        Producer<byte[], byte[]> connecting = next.orElseGet(() -> new KafkaProducer<>(
                producerSettings(transactionalId), new ByteArraySerializer(), new ByteArraySerializer()));
        next = Optional.of(connecting);
        connecting.partitionsFor(topic.name());
        return connecting;
    }

    /**
     * Begins the next claim ahead, unless that was done and holds still.
     *
     * @param reading reads the topic
     * @throws KafkaException when Kafka doesn't answer
     * @throws FenceException when it doesn't say which claim is the newest
     */
    void begin(BegunClaim.Reading reading) throws FenceException {
        if (begun.isPresent() && begun.get().holds(admin)) {
            return;
        }
        begun.ifPresent(BegunClaim::drop);
        begun = Optional.empty();
        Producer<byte[], byte[]> beginning = connect();
        next = Optional.empty();
        begun = Optional.of(BegunClaim.begin(beginning, transactionalId, topic, reading, admin));
    }

    /**
     * Ends a transaction that a claimant of the VM left open when it died. One that is alive makes its claim again.
     *
     * @throws KafkaException when Kafka doesn't answer
     */
    void endOpenTransaction() throws FenceException {
        if (BegunClaim.isOpen(transactionalId, admin)) {
            LOG.info("a transaction of {} that was left open is ended", transactionalId);
            Producer<byte[], byte[]> ending = takeTurn(ahead -> false).producer();
            ending.initTransactions();
            handBack(ending);
        }
    }

    /** Whether the next claim was begun ahead, and this was read then. */
    boolean hasBegun(Optional<FenceRecord> newest) {
        return begun.filter(ahead -> ahead.newest().equals(newest)).isPresent();
    }

    /**
     * What a claim is made with.
     *
     * @param begun the claim, where it has begun; else its caller begins it
     */
    record Turn(Producer<byte[], byte[]> producer, Optional<BegunClaim> begun) {}

    /**
     * The producer of one claim, whose caller hands it back.
     *
     * @param fits whether the one that was begun ahead is of use
     * @throws KafkaException when Kafka doesn't answer
     */
    Turn takeTurn(Predicate<BegunClaim> fits) {
        Optional<BegunClaim> valid = begun.filter(fits);
        begun.filter(ahead -> valid.isEmpty()).ifPresent(BegunClaim::drop);
        begun = Optional.empty();
        if (valid.isPresent()) {
            return new Turn(valid.get().producer(), valid);
        }
        Turn turn = new Turn(connect(), valid);
        next = Optional.empty();
        return turn;
    }

    /**
     * Goes through the steps of a claim's transaction once, under an id that is no VM's, and aborts it.
     *
     * @throws KafkaException when Kafka doesn't answer, or refuses the record
     */
    void rehearse(byte[] value) {
        Map<String, Object> settings = producerSettings(transactionalId + REHEARSAL);
        Producer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
            producer.beginTransaction();
            AtomicReference<Exception> refused = new AtomicReference<>();
            producer.send(
                    new ProducerRecord<>(topic.name(), 0, REHEARSAL.getBytes(StandardCharsets.UTF_8), value),
                    (written, failure) -> refused.set(failure));
            producer.flush();
            producer.abortTransaction();
            Exception why = refused.get();
            if (why != null) {
                throw new KafkaException("a record for the fence was refused: " + why.getMessage(), why);
            }
        } finally {
            close(producer);
        }
    }

    /** Takes the producer of a claim that is over back, to be ended when no claim waits. */
    void handBack(Producer<byte[], byte[]> used) {
        spent.ifPresent(FenceClients::close);
        spent = Optional.of(used);
    }

    private Map<String, Object> readerSettings() {
        Map<String, Object> settings = connection.clientSettings();
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) REQUEST_LIMIT.toMillis());
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) KafkaFence.STEP_LIMIT.toMillis());
        return settings;
    }

    private Map<String, Object> consumerSettings() {
        Map<String, Object> settings = readerSettings();
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
        return settings;
    }

    private Map<String, Object> producerSettings(String id) {
        Map<String, Object> settings = connection.clientSettings();
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) KafkaFence.TRANSACTION_LIMIT.toMillis());
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, KafkaFence.STEP_LIMIT.toMillis());
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) REQUEST_LIMIT.toMillis());
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) KafkaFence.STEP_LIMIT.toMillis());
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, RETRY_PAUSE_MILLIS);
        return settings;
    }

    /** Ends a producer; a transaction that it left open is aborted where Kafka can be reached. */
    static void close(Producer<byte[], byte[]> producer) {
        try {
            producer.close(CLOSE_LIMIT);
        } catch (KafkaException e) {
            LOG.debug("a claim's producer did not close well", e);
        }
    }

    @Override
    public void close() {
        spent.ifPresent(FenceClients::close);
        spent = Optional.empty();
        begun.ifPresent(BegunClaim::drop);
        begun = Optional.empty();
        next.ifPresent(idle -> idle.close(Duration.ZERO));
        next = Optional.empty();
        try {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        } catch (KafkaException e) {
            LOG.debug("the fence's reader did not close well", e);
        }
        admin.close(Duration.ZERO);
    }
}
