package io.lull.bench.job.kafka;

import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** How many records topics have, and how many of them a contender says that it is done with. */
public final class Progress implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final long POLL_MILLIS = 50;

    /** How often something is written while a contender is waited for. */
    private static final long FOLLOW_MILLIS = 200;

    private final Admin admin;

    public Progress(KafkaConnection connection) {
        admin = Admin.create(connection.clientSettings());
    }

    /** Records ever written to a topic. */
    public long written(Topic topic) throws IOException {
        Map<TopicPartition, OffsetSpec> ends = Placed.partitions(topic).stream()
                .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        return answer(admin.listOffsets(ends).all()).values().stream()
                .mapToLong(end -> end.offset())
                .sum();
    }

    /**
     * Waits until a consumer group has committed all of a topic. Flink commits when a checkpoint is complete, Kafka
     * Streams when its state is flushed: what is committed has been worked off.
     *
     * <p>Meanwhile something goes on coming, as telemetry does live. Flink's source tells Kafka how far it is when a poll
     * has ended, and one that finds nothing ends after ten seconds, in which the job would be counted as at work.
     */
    public void awaitDone(String group, Topic topic, Backlog backlog) throws IOException {
        long all = written(topic);
        long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
        long followNanos = System.nanoTime();
        while (committed(group, topic) < all) {
            if (System.nanoTime() - followNanos >= 0) {
                backlog.repeatOne(topic.name());
                followNanos += TimeUnit.MILLISECONDS.toNanos(FOLLOW_MILLIS);
            }
            if (System.nanoTime() > deadlineNanos) {
                throw new IOException(group + " has not worked off " + topic.name() + " within " + LIMIT + ": "
                        + committed(group, topic) + " of " + all + " records");
            }
            pause();
        }
    }

    private long committed(String group, Topic topic) throws IOException {
        Map<TopicPartition, OffsetAndMetadata> offsets =
                answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        return offsets.entrySet().stream()
                .filter(entry ->
                        entry.getValue() != null && entry.getKey().topic().equals(topic.name()))
                .mapToLong(entry -> entry.getValue().offset())
                .sum();
    }

    @Override
    public void close() {
        admin.close();
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static <T> T answer(KafkaFuture<T> asked) throws IOException {
        try {
            return asked.get();
        } catch (ExecutionException e) {
            throw new IOException("Kafka refuses: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
