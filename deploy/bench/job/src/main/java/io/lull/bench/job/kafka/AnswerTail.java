package io.lull.bench.job.kafka;

import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads the topics that contenders answer in, and hands each answer to the turn at hand as soon as it comes. */
public final class AnswerTail implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long END_MILLIS = 5_000;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final LongSupplier microsClock;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile Answers answers = (topic, value, atMicros) -> {};

    /** Takes answers; called from one thread. */
    @FunctionalInterface
    public interface Answers {
        void take(String topic, byte[] value, long atMicros);
    }

    /** Follows these topics from their ends. */
    public AnswerTail(KafkaConnection connection, List<Topic> topics, LongSupplier microsClock) {
        this.microsClock = microsClock;
        consumer = Clients.reader(connection);
        List<TopicPartition> partitions = topics.stream()
                .flatMap(topic -> Placed.partitions(topic).stream())
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        thread = new Thread(this::run, "answers");
        thread.setDaemon(true);
        thread.start();
    }

    /** From now on answers go there. */
    public void handTo(Answers next) {
        answers = next;
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (consumer) {
            while (closed.getCount() > 0) {
                for (ConsumerRecord<byte[], byte[]> answer : consumer.poll(POLL)) {
                    answers.take(answer.topic(), answer.value(), microsClock.getAsLong());
                }
            }
        }
    }
}
