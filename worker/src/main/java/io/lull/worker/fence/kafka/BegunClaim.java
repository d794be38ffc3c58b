package io.lull.worker.fence.kafka;

import io.lull.policy.fence.FenceRecord;
import io.lull.worker.fence.FenceException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.producer.Producer;

/**
 * A claim that was begun before it is known what is claimed: its {@code initTransactions} is done, and the topic was read after
 * that. Whoever begins one later voids it, and its claimant finds that out by asking, or when it goes on with it.
 *
 * @param producer has the claim
 * @param newest what was read
 * @param producerId with {@code epoch}: which claim Kafka had as the newest right after this one was begun. Another's, when that
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

    /** Reads the topic to its end. */
    interface Reading {
        Optional<FenceRecord> newest() throws FenceException;
    }

    /**
     * Begins it.
     *
     * @param id the transactional id
     * @param reading reads the topic
     * @throws org.apache.kafka.common.KafkaException when Kafka doesn't answer
     */
    static BegunClaim begin(Producer<byte[], byte[]> producer, String id, Reading reading, Admin admin)
            throws FenceException {
        try {
            producer.initTransactions();
            TransactionDescription now = current(id, admin);
            return new BegunClaim(
                    producer, reading.newest(), id, now.producerId(), now.producerEpoch(), System.nanoTime());
        } catch (FenceException | RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    private static TransactionDescription current(String id, Admin admin) throws FenceException {
        return FenceTopic.answer(
                admin.describeTransactions(List.of(id)).description(id), "the claims to " + id + " can't be described");
    }

    /** Whether it is the newest still, and young enough to have a connection. */
    boolean holds(Admin admin) throws FenceException {
        TransactionDescription now = current(id, admin);
        return now.producerId() == producerId
                && now.producerEpoch() == epoch
                && System.nanoTime() - begunNanos < LIFE_NANOS;
    }

    /** Gives it up; it has written nothing. */
    void drop() {
        producer.close(Duration.ZERO);
    }
}
