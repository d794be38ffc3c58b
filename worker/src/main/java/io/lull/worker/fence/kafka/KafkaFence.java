package io.lull.worker.fence.kafka;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceRecord;
import io.lull.policy.fence.FenceRule;
import io.lull.policy.fence.FenceRuling;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.topic.Topic;
import io.lull.schemas.wire.Wire;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.FenceException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka as the arbiter of one VM.
 *
 * <p>A claim is one transaction of a producer whose transactional id is the VM's: {@code initTransactions} ends what any
 * other claimant of the VM had begun and keeps it from committing; then the topic is read to its end, the rule decides,
 * and what is granted is written and committed. The description of the package {@link io.lull.worker.fence} says why that
 * is enough. Claims are rare, so their clients are ended with them, unless the fence is kept ready: then they are connected
 * before a claim needs them, and made anew when something went wrong.
 */
public final class KafkaFence implements Fence {
    /** How long a step of a claim may take. */
    static final Duration STEP_LIMIT = Duration.ofSeconds(10);
    /** Kafka gives up a transaction of a claimant that died, and so lets others read on, after this time. */
    static final Duration TRANSACTION_LIMIT = Duration.ofSeconds(15);

    /** How often a claim is made before its claimant hears that it was overtaken each time. */
    private static final int MAX_ATTEMPTS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(KafkaFence.class);

    private final KafkaConnection connection;
    private final Topic topic;
    private final VmId vm;
    private final InstantSource clock;
    private final Wire wire = new Wire();
    private final FenceTopic reader;
    private final TopicCare care;
    private final KnownRecord known;
    private Optional<FenceClients> clients = Optional.empty();
    private Optional<ReadyKeeper> keeper = Optional.empty();
    private boolean rehearsed;

    /**
     * Connects when it is first asked.
     *
     * @param topic {@code Topics.fence()}
     * @param clock wall clock, for what people read in the records
     */
    public KafkaFence(KafkaConnection connection, Topic topic, VmId vm, InstantSource clock) {
        this.connection = connection;
        this.topic = topic;
        this.vm = vm;
        this.clock = clock;
        this.reader = new FenceTopic(topic, vm);
        this.care = new TopicCare(topic);
        this.known = new KnownRecord(topic);
    }

    /** From now on keeps connected what a claim needs, so that the claim is all that a takeover waits for. */
    public synchronized void keepReady() {
        if (keeper.isEmpty()) {
            keeper = Optional.of(new ReadyKeeper(vm, this::prepare));
            keeper.get().wake();
        }
    }

    private synchronized void prepare() throws FenceException, InterruptedException {
        look();
        try {
            if (!rehearsed) {
                rehearse();
                rehearsed = true;
            }
            clients().prepare();
        } catch (InterruptException e) {
            throw interrupted();
        } catch (KafkaException e) {
            dropClients();
            throw noRuling(e, false);
        }
    }

    /**
     * Does once all that a claim does, with a record that nobody reads: what a process does for the first time takes it tens
     * of milliseconds longer, and a takeover is mostly its only claim.
     */
    private void rehearse() throws FenceException {
        FenceClaim.Party nobody = new FenceClaim.Party(new UUID(0, 0), "rehearsal");
        FenceRuling ruling = FenceRule.rule(vm, Optional.empty(), FenceClaim.goAlone(nobody, "rehearsal"), nowMicros());
        byte[] record = wire.encode(ruling.record().orElseThrow());
        clients().rehearse(record);
        reader.decode(Optional.of(record));
        reader.newest(clients());
    }

    @Override
    public synchronized Optional<FenceRecord> look() throws FenceException, InterruptedException {
        boolean done = false;
        try {
            TopicCare.Look look = care.look(clients().admin());
            care.check(look);
            Optional<FenceRecord> newest = known.read(reader.newest(clients()));
            done = true;
            return newest;
        } catch (InterruptException e) {
            throw interrupted();
        } catch (KafkaException e) {
            throw noRuling(e, false);
        } finally {
            if (!done || keeper.isEmpty()) {
                dropClients();
            }
        }
    }

    /** One that another claimant overtakes is made again at once, a few times. */
    @Override
    public synchronized FenceRuling claim(FenceClaim claim) throws FenceException, InterruptedException {
        boolean overtaken = false;
        for (int attempt = 1; ; attempt++) {
            try {
                return once(claim);
            } catch (FenceException e) {
                if (!wasOvertaken(e) || attempt == MAX_ATTEMPTS) {
                    throw overtaken && !e.inDoubt() ? new FenceException(String.valueOf(e.getMessage()), true, e) : e;
                }
                overtaken = true;
            }
        }
    }

    private static boolean wasOvertaken(FenceException why) {
        for (Throwable cause = why.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }

    private FenceRuling once(FenceClaim claim) throws FenceException, InterruptedException {
        boolean done = false;
        try {
            FenceRuling ruling = withProducer(claim);
            LOG.info(
                    "vm {}: claim to {} {}: {}",
                    vm,
                    claim.kind(),
                    ruling.granted() ? "granted" : "denied",
                    ruling.reason());
            done = true;
            return ruling;
        } catch (InterruptException e) {
            throw interrupted();
        } finally {
            if (!done || keeper.isEmpty()) {
                dropClients();
            }
            keeper.ifPresent(ReadyKeeper::wake);
        }
    }

    private FenceRuling withProducer(FenceClaim claim) throws FenceException {
        Producer<byte[], byte[]> producer;
        try {
            producer = clients().takeProducer();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            throw noRuling(e, false);
        }
        try {
            return decide(producer, claim);
        } finally {
            clients().handBack(producer);
        }
    }

    private FenceRuling decide(Producer<byte[], byte[]> producer, FenceClaim claim) throws FenceException {
        FenceRuling ruling;
        try {
            TopicCare.Look look = care.look(clients().admin());
            producer.initTransactions();
            care.check(look);
            ruling = FenceRule.rule(vm, known.read(reader.newest(clients())), claim, nowMicros());
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            throw noRuling(e, false);
        }
        if (ruling.isNew()) {
            write(producer, ruling.record().orElseThrow());
        }
        return ruling;
    }

    private void write(Producer<byte[], byte[]> producer, FenceRecord record) throws FenceException {
        byte[] key = RecordKeys.of(vm).getBytes(StandardCharsets.UTF_8);
        try {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic.name(), 0, key, wire.encode(record)));
            producer.commitTransaction();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            // Fenced is no proof either: the answer to a commit that was done may have been lost.
            throw noRuling(e, true);
        }
        known.wrote(record);
    }

    @Override
    public Optional<FenceRecord> lastSeen() {
        return known.record();
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public void close() {
        Optional<ReadyKeeper> ends;
        synchronized (this) {
            ends = keeper;
            keeper = Optional.empty();
        }
        ends.ifPresent(ReadyKeeper::close);
        dropClients();
    }

    private FenceClients clients() {
        FenceClients open = clients.orElseGet(() -> FenceClients.of(connection, topic, vm));
        clients = Optional.of(open);
        return open;
    }

    private synchronized void dropClients() {
        clients.ifPresent(FenceClients::close);
        clients = Optional.empty();
    }

    private long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }

    private FenceException noRuling(KafkaException failure, boolean inDoubt) {
        return new FenceException(
                "the fence at " + connection.bootstrapServers() + " gives no answer ("
                        + String.valueOf(failure.getMessage()).replace('\n', ' ') + "); check that Kafka runs and that "
                        + topic.name() + " can be written",
                inDoubt,
                failure);
    }

    /** Kafka's clients have set the flag again. */
    private static InterruptedException interrupted() {
        Thread.interrupted();
        return new InterruptedException("interrupted in a claim");
    }
}
