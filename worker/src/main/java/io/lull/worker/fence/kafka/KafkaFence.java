package io.lull.worker.fence.kafka;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceRecord;
import io.lull.policy.fence.FenceRule;
import io.lull.policy.fence.FenceRuling;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.Topic;
import io.lull.schemas.wire.Wire;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.FenceException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka as the arbiter of one VM.
 *
 * <p>A claim is one transaction of a producer whose transactional id is the VM's: {@code initTransactions} ends what any
 * other claimant of the VM had begun and keeps it from committing; then a probe is written and the topic is read past it, the
 * rule decides, and what is granted is committed. The description of the package {@link io.lull.worker.fence} says why that is enough. Claims are rare,
 * so their clients are ended with them, unless the fence is kept ready: then they are connected before a claim needs them, the
 * one that is expected is begun ahead, and they are made anew when something went wrong.
 */
public final class KafkaFence implements Fence {
    /** How long a step of a claim may take. */
    static final Duration STEP_LIMIT = Duration.ofSeconds(10);
    /**
     * Kafka gives up a transaction of a claimant that died, and so lets others read on, after this time and up to 10 s until it looks. One
     * that is alive and slower makes its claim again.
     */
    static final Duration TRANSACTION_LIMIT = Duration.ofSeconds(5);

    /** How often a claim is made before its claimant hears that it was overtaken each time. */
    private static final int MAX_ATTEMPTS = 5;

    /**
     * What a claimant hears when another began after it, or when Kafka has forgotten a claim that was begun days ago. Of an
     * invalid state Kafka speaks while the other's begin has aborted this one's transaction and not yet got its own number.
     */
    private static final Set<Class<?>> OVERTAKEN = Set.of(
            ProducerFencedException.class,
            InvalidProducerEpochException.class,
            InvalidPidMappingException.class,
            InvalidTxnStateException.class);

    private static final Logger LOG = LoggerFactory.getLogger(KafkaFence.class);

    private final KafkaConnection connection;
    private final Topic topic;
    private final VmId vm;
    private final Wire wire = new Wire();
    private final FenceTopic reader;
    private final TopicCare care;
    private final KnownRecord known;
    private final ClaimSteps steps;
    private volatile Supplier<Optional<FenceClaim>> expected = Optional::empty;
    private Optional<FenceClients> clients = Optional.empty();
    private volatile Optional<ReadyKeeper> keeper = Optional.empty();
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
        this.reader = new FenceTopic(topic, vm);
        this.care = new TopicCare(topic);
        this.known = new KnownRecord(topic);
        this.steps = new ClaimSteps(connection.bootstrapServers(), vm, topic, reader, care, known, clock);
    }

    /** From now on keeps connected what a claim needs, so that the claim is all that a takeover waits for. */
    public synchronized void keepReady() {
        if (keeper.isEmpty()) {
            keeper = Optional.of(new ReadyKeeper(vm, this::prepare));
            keeper.get().wake();
        }
    }

    /** Whether the claim that is expected was begun ahead, and nothing is known that makes it void. */
    public synchronized boolean hasBegun() {
        return clients.filter(open -> open.hasBegun(known.record())).isPresent();
    }

    /** Whether it is ready for a claim, as far as it can be; not when another claimant came in between. */
    private synchronized boolean prepare() throws FenceException, InterruptedException {
        look();
        try {
            if (!rehearsed) {
                rehearse();
                rehearsed = true;
            }
            clients().prepare();
            if (isLikely()) {
                clients().begin(probe -> known.read(reader.newestPast(probe, clients())));
            }
            return true;
        } catch (FenceException e) {
            // They may be with a broker that leads no more: new ones look for the leader.
            dropClients();
            throw e;
        } catch (InterruptException e) {
            throw interrupted();
        } catch (KafkaException e) {
            dropClients();
            if (wasOvertaken(e)) {
                LOG.debug("vm {}: overtaken while the next claim was begun ahead", vm, e);
                return false;
            }
            throw steps.noRuling(e, false);
        }
    }

    /** Whether the claim that is expected would be granted by what is known: then no other claimant is likely to be about. */
    private boolean isLikely() {
        return expected.get().map(steps::likely).filter(FenceRuling::isNew).isPresent();
    }

    /**
     * Does once all that a claim does, with a record that nobody reads: what a process does for the first time takes it tens
     * of milliseconds longer, and a takeover is mostly its only claim.
     */
    private void rehearse() throws FenceException {
        FenceClaim.Party nobody = new FenceClaim.Party(new UUID(0, 0), "rehearsal");
        FenceRuling ruling = FenceRule.rule(vm, Optional.empty(), FenceClaim.goAlone(nobody, "rehearsal"), 1);
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
            throw steps.noRuling(e, false);
        } finally {
            if (!done || keeper.isEmpty()) {
                dropClients();
            }
        }
    }

    @Override
    public void expect(Supplier<Optional<FenceClaim>> next) {
        expected = next;
    }

    /** One that another claimant overtakes is made again at once, a few times. */
    @Override
    public synchronized FenceRuling claim(FenceClaim claim) throws FenceException, InterruptedException {
        boolean inDoubt = false;
        for (int attempt = 1; ; attempt++) {
            try {
                return once(claim);
            } catch (FenceException e) {
                inDoubt |= e.inDoubt();
                if (!wasOvertaken(e) || attempt == MAX_ATTEMPTS) {
                    throw inDoubt && !e.inDoubt() ? new FenceException(String.valueOf(e.getMessage()), true, e) : e;
                }
            }
        }
    }

    private static boolean wasOvertaken(Exception why) {
        for (Throwable cause = why; cause != null; cause = cause.getCause()) {
            if (OVERTAKEN.contains(cause.getClass())) {
                return true;
            }
        }
        return false;
    }

    private FenceRuling once(FenceClaim claim) throws FenceException, InterruptedException {
        boolean keepsClients = false;
        try {
            FenceRuling ruling = steps.take(clients(), claim);
            LOG.info(
                    "vm {}: claim to {} {}: {}",
                    vm,
                    claim.kind(),
                    ruling.granted() ? "granted" : "denied",
                    ruling.reason());
            keepsClients = true;
            return ruling;
        } catch (FenceException e) {
            keepsClients = wasOvertaken(e);
            throw e;
        } catch (InterruptException e) {
            throw interrupted();
        } finally {
            if (!keepsClients || keeper.isEmpty()) {
                dropClients();
            }
            keeper.ifPresent(ReadyKeeper::wake);
        }
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
        // First, as it may be waiting for Kafka with the lock.
        keeper.ifPresent(ReadyKeeper::close);
        synchronized (this) {
            keeper = Optional.empty();
            dropClients();
        }
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

    /** Kafka's clients have set the flag again. */
    private static InterruptedException interrupted() {
        Thread.interrupted();
        return new InterruptedException("interrupted in a claim");
    }
}
