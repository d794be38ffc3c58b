package io.lull.worker.fence.kafka;

import io.lull.policy.fence.FenceRecord;
import io.lull.schemas.topic.Topic;
import io.lull.worker.fence.FenceException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;

/**
 * A claim that was begun before it is known what is claimed: its {@code initTransactions} is done, and after that a probe was
 * written and the topic read past it. Whoever begins one later voids it, and its claimant finds that out by asking, or when it goes on
 * with it.
 *
 * <p>That the probe was long ago does no harm. It shows that all was read which was committed when this claim was begun; that nothing was
 * committed since is shown by this claim's own commit, which is possible only while no other was begun. Kafka knows who is the newest
 * from what its coordinator has written and all its replicas have, not from a reader.
 *
 * @param producer has the claim
 * @param newest what was read
 * @param producerId with {@code epoch}: which claim Kafka had as the newest right after this one's probe was aborted, which newer brokers count
 *     as another epoch of the same. Another's, when that
 *     came in between: then this one is taken for good until its claimant goes on with it
 */
record BegunClaim(
        Producer<byte[], byte[]> producer,
        Optional<FenceRecord> newest,
        String id,
        long producerId,
        int epoch,
        long begunNanos) {
    /** Well before a connection that nothing went over is closed, which Kafka does after 9 minutes. */
    private static final long LIFE_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** Reads the topic. */
    interface Reading {
        /** The newest record, when all up to the probe at this offset was read. */
        Optional<FenceRecord> newestPast(long probe) throws FenceException;
    }

    /**
     * Begins it.
     *
     * @param id the transactional id
     * @param topic where the probe goes
     * @param reading reads the topic
     * @throws org.apache.kafka.common.KafkaException when Kafka doesn't answer
     */
    static BegunClaim begin(Producer<byte[], byte[]> producer, String id, Topic topic, Reading reading, Admin admin)
            throws FenceException {
        try {
            producer.initTransactions();
            long probe = ClaimProbe.write(producer, topic);
            TransactionDescription now = current(id, admin);
            return new BegunClaim(
                    producer, reading.newestPast(probe), id, now.producerId(), now.producerEpoch(), System.nanoTime());
        } catch (FenceException | RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    private static TransactionDescription current(String id, Admin admin) throws FenceException {
        return FenceTopic.answer(
                admin.describeTransactions(List.of(id)).description(id), "the claims to " + id + " can't be described");
    }

    /** Whether a transaction is open under that id: of a claimant that died, or is about to decide. */
    static boolean isOpen(String id, Admin admin) throws FenceException {
        try {
            return current(id, admin).state() == TransactionState.ONGOING;
        } catch (FenceException e) {
            if (e.getCause() instanceof ExecutionException failed
                    && failed.getCause() instanceof TransactionalIdNotFoundException) {
                return false;
            }
            throw e;
        }
    }

    /** Whether it is the newest still, and young enough to have a connection. */
    boolean holds(Admin admin) throws FenceException {
        TransactionDescription now = current(id, admin);
        return now.producerId() == producerId
                && now.producerEpoch() == epoch
                && System.nanoTime() - begunNanos < LIFE_NANOS;
    }

    /** Gives it up; it has written nothing that counts. */
    void drop() {
        producer.close(Duration.ZERO);
    }
}
