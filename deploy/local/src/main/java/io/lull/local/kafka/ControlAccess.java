package io.lull.local.kafka;

import io.lull.policy.OperatorIntent;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.producer.kafka.PublisherLimits;
import io.lull.producer.kafka.TelemetryPublisher;
import io.lull.schemas.topic.Topics;
import io.lull.worker.kafka.TopicTails;
import java.time.Clock;

/** The way in to a control plane, wherever it runs: its topics, to read and to tell it what an operator wants. */
public final class ControlAccess implements AutoCloseable {
    private final String bootstrap;
    private final TelemetryPublisher publisher;

    /** @param bootstrap {@code host:port} of a broker that has Lull's topics */
    public ControlAccess(String bootstrap) {
        this.bootstrap = bootstrap;
        this.publisher = new TelemetryPublisher(
                connection(), Topics.DEFAULT, PublisherLimits.DEFAULT, System::nanoTime, System.err::println);
    }

    public KafkaConnection connection() {
        return KafkaConnection.plain(bootstrap);
    }

    public String bootstrapServers() {
        return bootstrap;
    }

    /** Readers of the topics. */
    public TopicTails tails() {
        return new TopicTails(connection(), Topics.DEFAULT, Clock.systemUTC());
    }

    /** Says what an operator wants. */
    public void intend(OperatorIntent intent) {
        publisher.publish(intent);
    }

    @Override
    public void close() {
        publisher.close();
    }
}
