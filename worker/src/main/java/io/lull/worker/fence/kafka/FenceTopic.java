package io.lull.worker.fence.kafka;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceRecord;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.topic.Topic;
import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.Wire;
import io.lull.worker.fence.FenceException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * The fence's topic as one VM reads it: all of it, from its begin to where it ended when the reading began, or past a claim's
 * probe.
 *
 * <p>The end is that of everything, decided or not: what is committed behind another VM's open transaction shows only
 * once that one is decided, and is waited for; one of this VM's own that a claimant left open when it died is ended. It may be an end of long ago, told by a broker that leads no more: only who reads past a
 * probe has read all. It is read whole each time, since what a reader remembers of a log isn't
 * what a broker that lost its end still has; compacted, it holds little more than a record a VM.
 */
final class FenceTopic {
    /** Longer than Kafka takes to give a dead claimant's transaction up, its look for such each 10 s included. */
    static final Duration READ_LIMIT = KafkaFence.TRANSACTION_LIMIT.plusSeconds(15);

    /** A reading takes milliseconds, unless it stands at an open transaction; a claim's own is open for as short a time. */
    private static final Duration STALL = Duration.ofSeconds(1);

    private static final Duration POLL = Duration.ofMillis(50);

    private final Topic topic;
    private final TopicPartition partition;
    private final byte[] key;
    private final Wire wire = new Wire();

    FenceTopic(Topic topic, VmId vm) {
        this.topic = topic;
        this.partition = new TopicPartition(topic.name(), 0);
        this.key = RecordKeys.of(vm).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The newest committed record of the VM as a broker says, which may lead no more: nothing is granted by that.
     *
     * @throws FenceException when the topic can't be read whole
     */
    Optional<FenceRecord> newest(FenceClients clients) throws FenceException {
        long end = answer(
                        clients.admin()
                                .listOffsets(
                                        Map.of(partition, OffsetSpec.latest()),
                                        new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                                .partitionResult(partition),
                        "the end of " + topic.name() + " can't be read")
                .offset();
        return decode(lastBefore(end, clients.consumer(), clients::endOpenTransaction));
    }

    /**
     * The newest committed record of the VM when a claim had begun: all up to the claim's probe is read, or there is no answer.
     *
     * @param probe its offset
     * @throws FenceException when what is read doesn't reach past it in time
     */
    Optional<FenceRecord> newestPast(long probe, FenceClients clients) throws FenceException {
        // The claim's begin has ended what was open of this VM.
        return decode(lastBefore(probe + 1, clients.consumer(), () -> {}));
    }

    /** Takes what stands in a reader's way out of it. */
    private interface Clearing {
        void clear() throws FenceException;
    }

    /** @param clearing called once when the reading has come to a stop */
    private Optional<byte[]> lastBefore(long end, Consumer<byte[], byte[]> consumer, Clearing clearing)
            throws FenceException {
        consumer.assign(List.of(partition));
        // Where nothing was ever deleted it begins there; else the reader is sent to where it does.
        consumer.seek(partition, 0);
        Optional<byte[]> newest = Optional.empty();
        long beganNanos = System.nanoTime();
        boolean cleared = false;
        while (consumer.position(partition) < end) {
            long tookNanos = System.nanoTime() - beganNanos;
            if (!cleared && tookNanos > STALL.toNanos()) {
                cleared = true;
                clearing.clear();
            }
            if (tookNanos > READ_LIMIT.toNanos()) {
                throw new FenceException(
                        topic.name() + " could not be read to its end within " + READ_LIMIT.toSeconds() + " s, only to "
                                + consumer.position(partition) + " of " + end
                                + "; look for a transaction that hangs, or a broker"
                                + " that is cut off from the others",
                        false,
                        null);
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (Arrays.equals(key, record.key())) {
                    newest = Optional.ofNullable(record.value());
                }
            }
        }
        return newest;
    }

    /** What a record's bytes say; empty when there are none. */
    Optional<FenceRecord> decode(Optional<byte[]> bytes) throws FenceException {
        try {
            return bytes.isEmpty() ? Optional.empty() : Optional.of(wire.decodeFence(bytes.get()));
        } catch (BadRecordException e) {
            throw new FenceException(
                    "the newest record of this VM on " + topic.name() + " can't be read (" + e.getMessage()
                            + "): nothing is granted; bring all workers to one version of Lull",
                    false,
                    e);
        }
    }

    /** An answer of the broker, whose failures are Kafka's. */
    static <T> T answer(KafkaFuture<T> future, String failed) throws FenceException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            String why = String.valueOf((e.getCause() instanceof KafkaException cause ? cause : e).getMessage());
            throw new FenceException(failed + ": " + why.replace('\n', ' ') + "; nothing is granted", false, e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (KafkaException e) {
            throw new FenceException(failed + ": " + e.getMessage() + "; nothing is granted", false, e);
        }
    }
}
