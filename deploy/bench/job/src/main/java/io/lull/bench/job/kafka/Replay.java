package io.lull.bench.job.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a contender and Kafka, so that a backlog is read when it is all there, and as if it were being written:
 * records are held back until the gate is opened, and then carry the time of their tick as the broker's append time,
 * which would be the same if they had come live. It costs each record of a batch one object more, all contenders alike.
 *
 * <p>The job hands the settings of Kafka's clients to its producers too: there this does nothing.
 */
public final class Replay implements ConsumerInterceptor<byte[], byte[]>, ProducerInterceptor<byte[], byte[]> {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Condition OPENED = LOCK.newCondition();
    private static volatile boolean open = true;

    /** Holds back what is read from now on. */
    public static void shut() {
        open = false;
    }

    /** Lets through what was held back and what comes. */
    public static void open() {
        LOCK.lock();
        try {
            open = true;
            OPENED.signalAll();
        } finally {
            LOCK.unlock();
        }
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        awaitOpen();
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> stamped = new HashMap<>();
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> live = new ArrayList<>();
            records.records(partition).forEach(tick -> live.add(asIfAppendedAtItsTick(tick)));
            stamped.put(partition, live);
        }
        return new ConsumerRecords<>(stamped, records.nextOffsets());
    }

    private static void awaitOpen() {
        if (open) {
            return;
        }
        LOCK.lock();
        try {
            while (!open) {
                OPENED.awaitUninterruptibly();
            }
        } finally {
            LOCK.unlock();
        }
    }

    private static ConsumerRecord<byte[], byte[]> asIfAppendedAtItsTick(ConsumerRecord<byte[], byte[]> tick) {
        if (tick.timestampType() != TimestampType.CREATE_TIME) {
            throw new IllegalStateException(
                    tick.topic() + " has the broker's times, and should keep those of its ticks");
        }
        return new ConsumerRecord<>(
                tick.topic(),
                tick.partition(),
                tick.offset(),
                tick.timestamp(),
                TimestampType.LOG_APPEND_TIME,
                tick.serializedKeySize(),
                tick.serializedValueSize(),
                tick.key(),
                tick.value(),
                tick.headers(),
                tick.leaderEpoch());
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> outgoing) {
        return outgoing;
    }

    @Override
    public void onAcknowledgement(@Nullable RecordMetadata metadata, @Nullable Exception exception) {}

    @Override
    public void close() {}

    @Override
    public void configure(Map<String, ?> settings) {}
}
