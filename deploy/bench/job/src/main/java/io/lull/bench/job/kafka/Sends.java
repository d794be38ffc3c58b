package io.lull.bench.job.kafka;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** A producer of which no failure gets lost: a record that Kafka did not take would make figures wrong. */
final class Sends implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    Sends(KafkaProducer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        var unused = producer.send(record, (metadata, why) -> {
            if (why != null) {
                failure.compareAndSet(null, why);
            }
        });
        throwFailure();
    }

    /** Returns when Kafka has taken all that was sent. */
    void flush() {
        producer.flush();
        throwFailure();
    }

    private void throwFailure() {
        Exception why = failure.get();
        if (why != null) {
            throw new IllegalStateException("Kafka did not take a record of the benchmark: " + why, why);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
