package io.lull.producer.kafka;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * The way of reports, events and intents: none is dropped. They wait for as long as Kafka is away, up to a limit at
 * which the caller is refused. Where a producer fails for good it is replaced, and what it held is sent again: then,
 * and only then, order can change and a record come twice.
 */
final class DurableLane implements AutoCloseable {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final Duration RETRY_PAUSE = KafkaConnection.MAX_RECONNECT_PAUSE;
    private static final long POLL_MILLIS = 100;

    private final int limit;
    private final String servers;
    private final BlockingQueue<OutgoingRecord> queue = new LinkedBlockingQueue<>();

    /** What Kafka's client gave back, in the order in which it was first sent; it goes before the queue. */
    private final ConcurrentLinkedDeque<OutgoingRecord> again = new ConcurrentLinkedDeque<>();

    private final ProducerFactory producers;
    private final Consumer<String> alarm;
    private final Thread thread;
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch giveUp = new CountDownLatch(1);
    private volatile Producer<byte[], byte[]> producer;
    private volatile boolean broken;
    private volatile String lastAlarm = "";

    DurableLane(int limit, String servers, ProducerFactory producers, Consumer<String> alarm) {
        this.limit = limit;
        this.servers = servers;
        this.producers = producers;
        this.producer = producers.create();
        this.alarm = alarm;
        this.thread = new Thread(this::run, "lull-durable-publisher");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Takes the record without waiting, or refuses it when too many wait. */
    void offer(OutgoingRecord record) {
        if (waiting.incrementAndGet() > limit) {
            waiting.decrementAndGet();
            refused.incrementAndGet();
            throw new PublishRefusedException(record.topic(), limit, servers);
        }
        queue.add(record);
    }

    long waiting() {
        return waiting.get();
    }

    long sent() {
        return sent.get();
    }

    long refused() {
        return refused.get();
    }

    long lost() {
        return lost.get();
    }

    /** Waits up to 5 s for what is under way, and tells the alarm what had to be left. */
    @Override
    public void close() {
        closing.countDown();
        Threads.join(thread, CLOSE_LIMIT);
        giveUp.countDown();
        Threads.join(thread, CLOSE_LIMIT);
        if (waiting.get() > 0) {
            alarm.accept(waiting.get() + " records were not delivered to Kafka at " + servers + " before the end");
        }
    }

    private void run() {
        while (giveUp.getCount() > 0 && (closing.getCount() > 0 || waiting.get() > 0)) {
            if (broken && !replaceProducer()) {
                continue;
            }
            OutgoingRecord record = again.pollFirst();
            if (record == null) {
                record = Threads.poll(queue, POLL_MILLIS, TimeUnit.MILLISECONDS);
            }
            if (record != null) {
                send(record);
            }
        }
        producer.close(Duration.ZERO);
    }

    /** Whether there is a new producer; there is none, for example, while the brokers' names don't resolve. */
    private boolean replaceProducer() {
        producer.close(Duration.ZERO);
        Threads.await(giveUp, RETRY_PAUSE);
        try {
            producer = producers.create();
            broken = false;
            return true;
        } catch (KafkaException e) {
            tell("no producer for Kafka at " + servers + " can be made, records wait: " + e);
            return false;
        }
    }

    private void send(OutgoingRecord record) {
        Producer<byte[], byte[]> with = producer;
        try {
            with.send(record.forKafka(), (metadata, failure) -> {
                if (failure == null) {
                    sent.incrementAndGet();
                    waiting.decrementAndGet();
                    lastAlarm = "";
                } else {
                    failed(record, failure, with);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            failed(record, e, with);
        }
    }

    private void failed(OutgoingRecord record, Exception failure, Producer<byte[], byte[]> with) {
        if (failure instanceof RecordTooLargeException || failure instanceof RecordBatchTooLargeException) {
            lost.incrementAndGet();
            waiting.decrementAndGet();
            alarm.accept("a record of " + record.value().length + " bytes for " + record.topic()
                    + " is lost, Kafka refuses its size: " + failure.getMessage());
            return;
        }
        if (Thread.currentThread() == thread) {
            again.addFirst(record);
        } else {
            again.addLast(record);
        }
        // A timeout only means that Kafka is away; anything else has ended the producer, or needs an operator.
        if (!(failure instanceof RetriableException) && with == producer) {
            broken = true;
            tell("Kafka at " + servers + " refuses records for " + record.topic() + ", they wait: " + failure);
        }
    }

    private void tell(String message) {
        if (!message.equals(lastAlarm)) {
            lastAlarm = message;
            alarm.accept(message);
        }
    }
}
