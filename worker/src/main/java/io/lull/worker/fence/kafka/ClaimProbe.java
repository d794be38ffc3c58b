package io.lull.worker.fence.kafka;

import io.lull.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * A record that says nothing, written by a claim that was just begun, and aborted: what the claim reads must reach past it.
 *
 * <p>A reader is told of the log's end by whatever broker it takes for the leader. One that was deposed, and is cut off from the
 * brokers and not from the reader, doesn't know that, and answers with an end of long ago. A writer can't be deceived so:
 * with {@code acks=all} a record is acknowledged when all replicas in sync have it, which follow a deposed leader no more. Its
 * offset lies behind all that earlier claims had committed when this one was begun. A deposed leader gives out nothing up to there, since what it gives
 * out ends where its followers left it, and the true leader's own records begin no earlier.
 *
 * <p>It is aborted, so who reads committed records never sees it, and its offset is free to read once the abort is recorded. For
 * those who read everything, and for the case that somebody commits it by hand, it is a deletion of a key that no VM has.
 */
final class ClaimProbe {
    /** No VM's name has such a sign. */
    private static final byte[] KEY = "~probe".getBytes(StandardCharsets.UTF_8);

    private ClaimProbe() {}

    /**
     * Writes and aborts one.
     *
     * @param producer has begun the claim, and no transaction
     * @return its offset
     * @throws KafkaException when Kafka doesn't answer, or another claim was begun
     */
    static long write(Producer<byte[], byte[]> producer, Topic topic) {
        producer.beginTransaction();
        RecordMetadata written = send(producer, new ProducerRecord<>(topic.name(), 0, KEY, null));
        producer.abortTransaction();
        if (!written.hasOffset()) {
            // A broker that was asked twice may only remember that it has it.
            throw new KafkaException("the offset of a record on " + topic.name() + " is unknown");
        }
        return written.offset();
    }

    /**
     * Sends a record and waits until all replicas in sync have it.
     *
     * @throws KafkaException when that isn't known
     */
    static RecordMetadata send(Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        try {
            return producer.send(record).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
