package io.lull.producer.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/**
 * The way of the samples: the newest count. A full queue drops its oldest, a sample that has waited too long is
 * dropped, and what Kafka doesn't take in half a second is given up. No sample is sent later than a second after it
 * was handed over. When the oldest that waits is due, all that wait go with it.
 */
final class TelemetryLane implements AutoCloseable {
    /** How long a sample may wait here; Kafka's own client gets the rest of the second. */
    static final Duration MAX_WAIT = Duration.ofSeconds(1).minus(ProducerSettings.TELEMETRY_DELIVERY);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);
    private static final long POLL_MILLIS = 100;

    private final BlockingQueue<OutgoingRecord> queue;
    private final Producer<byte[], byte[]> producer;
    private final LongSupplier nanoClock;
    private final Thread thread;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong droppedFull = new AtomicLong();
    private final AtomicLong droppedOld = new AtomicLong();
    private final AtomicLong droppedFailed = new AtomicLong();
    private volatile boolean closed;

    TelemetryLane(int limit, ProducerFactory producers, LongSupplier nanoClock) {
        this.queue = new ArrayBlockingQueue<>(limit);
        this.producer = producers.create();
        this.nanoClock = nanoClock;
        this.thread = new Thread(this::run, "lull-telemetry-publisher");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Takes the record without waiting; when the queue is full its oldest goes. */
    void offer(OutgoingRecord record) {
        while (!queue.offer(record)) {
            if (queue.poll() != null) {
                droppedFull.incrementAndGet();
            }
        }
    }

    long sent() {
        return sent.get();
    }

    long droppedFull() {
        return droppedFull.get();
    }

    long droppedOld() {
        return droppedOld.get();
    }

    long droppedFailed() {
        return droppedFailed.get();
    }

    /** Drops what still waits; what Kafka's client has gets 2 s. */
    @Override
    public void close() {
        closed = true;
        Threads.join(thread, CLOSE_LIMIT);
        producer.close(CLOSE_LIMIT);
    }

    private void run() {
        List<OutgoingRecord> together = new ArrayList<>();
        while (!closed) {
            OutgoingRecord first = Threads.poll(queue, POLL_MILLIS, TimeUnit.MILLISECONDS);
            if (first != null) {
                LockSupport.parkNanos(this, first.dueAtNanos() - nanoClock.getAsLong());
                together.add(first);
                queue.drainTo(together);
                together.forEach(this::send);
                together.clear();
            }
        }
    }

    private void send(OutgoingRecord record) {
        if (nanoClock.getAsLong() - record.queuedAtNanos() > MAX_WAIT.toNanos()) {
            droppedOld.incrementAndGet();
            return;
        }
        try {
            producer.send(record.forKafka(), (metadata, failure) -> (failure == null ? sent : droppedFailed)
                    .incrementAndGet());
        } catch (KafkaException e) {
            droppedFailed.incrementAndGet();
        }
    }
}
