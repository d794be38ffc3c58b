package io.lull.worker.fence.kafka;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceRecord;
import io.lull.policy.fence.FenceRule;
import io.lull.policy.fence.FenceRuling;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.topic.Topic;
import io.lull.schemas.wire.Wire;
import io.lull.worker.fence.FenceException;
import io.lull.worker.fence.StepTimes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of one claim at Kafka: begin it, probe and read the topic, unless that was done ahead; decide by what was read, and commit
 * what is granted.
 */
final class ClaimSteps {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimSteps.class);

    private final String where;
    private final VmId vm;
    private final Topic topic;
    private final FenceTopic reader;
    private final TopicCare care;
    private final KnownRecord known;
    private final InstantSource clock;
    private final Wire wire = new Wire();
    private final byte[] key;

    /**
     * None is gone yet.
     *
     * @param where Kafka is, for people
     * @param clock wall clock, for what people read in the records
     */
    ClaimSteps(
            String where,
            VmId vm,
            Topic topic,
            FenceTopic reader,
            TopicCare care,
            KnownRecord known,
            InstantSource clock) {
        this.where = where;
        this.vm = vm;
        this.topic = topic;
        this.reader = reader;
        this.care = care;
        this.known = known;
        this.clock = clock;
        this.key = RecordKeys.of(vm).getBytes(StandardCharsets.UTF_8);
    }

    /** What the rule says of a claim by the record that is known. */
    FenceRuling likely(FenceClaim claim) {
        return FenceRule.rule(vm, known.record(), claim, nowMicros());
    }

    /**
     * Goes through them.
     *
     * @throws FenceException when the topic isn't as it must be, Kafka doesn't answer, or another claim began meanwhile
     */
    FenceRuling take(FenceClients clients, FenceClaim claim) throws FenceException {
        Optional<Producer<byte[], byte[]>> producer = Optional.empty();
        try {
            StepTimes times = new StepTimes(System::nanoTime);
            FenceClients.Turn turn = clients.takeTurn(ahead -> isOfUse(ahead, claim));
            producer = Optional.of(turn.producer());
            Optional<FenceRecord> newest =
                    turn.begun().isPresent() ? turn.begun().get().newest() : begin(clients, turn.producer(), times);
            FenceRuling ruling = FenceRule.rule(vm, known.read(newest), claim, nowMicros());
            if (ruling.isNew()) {
                FenceRecord record = ruling.record().orElseThrow();
                byte[] bytes = wire.encode(record);
                FenceRecord asRead = reader.decode(Optional.of(bytes)).orElseThrow();
                write(turn.producer(), bytes);
                times.reached("written");
                commit(turn.producer());
                known.wrote(asRead);
                times.reached("committed");
            }
            LOG.info("vm {}: the claim to {}: {}", vm, claim.kind(), times);
            return ruling;
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            throw noRuling(e, false);
        } finally {
            producer.ifPresent(clients::handBack);
        }
    }

    /**
     * What was read ahead is the newest only if nobody began a claim since, which a commit alone shows: a ruling that needs none
     * is not to be had by it.
     */
    private boolean isOfUse(BegunClaim ahead, FenceClaim claim) {
        return ahead.newest().equals(known.record()) && likely(claim).isNew();
    }

    private Optional<FenceRecord> begin(FenceClients clients, Producer<byte[], byte[]> producer, StepTimes times)
            throws FenceException {
        TopicCare.Look look = care.look(clients.admin());
        producer.initTransactions();
        times.reached("begun");
        care.check(look);
        long probe = ClaimProbe.write(producer, topic);
        times.reached("probed");
        Optional<FenceRecord> newest = reader.newestPast(probe, clients);
        times.reached("read");
        return newest;
    }

    /** A failure leaves no doubt: nobody commits what this claim doesn't. */
    private void write(Producer<byte[], byte[]> producer, byte[] bytes) {
        producer.beginTransaction();
        ClaimProbe.send(producer, new ProducerRecord<>(topic.name(), 0, key, bytes));
    }

    private void commit(Producer<byte[], byte[]> producer) throws FenceException {
        try {
            producer.commitTransaction();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            // Fenced is no proof either: the answer to a commit that was done may have been lost.
            throw noRuling(e, true);
        }
    }

    /** Says that Kafka gave no answer. */
    FenceException noRuling(KafkaException failure, boolean inDoubt) {
        return new FenceException(
                "the fence at " + where + " gives no answer ("
                        + String.valueOf(failure.getMessage()).replace('\n', ' ') + "); check that Kafka runs and that "
                        + topic.name() + " can be written",
                inDoubt,
                failure);
    }

    private long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }
}
