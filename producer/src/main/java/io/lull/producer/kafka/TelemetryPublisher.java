package io.lull.producer.kafka;

import io.lull.policy.OperatorIntent;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.topic.Topics;
import io.lull.schemas.wire.Wire;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * Publishes what a host measures and what happens on it. No method waits for Kafka, and the loss of Kafka, however
 * long, needs nobody's help.
 *
 * <p>Samples go by a lane of their own: the oldest is dropped when the queue is full, and a sample that couldn't be
 * sent within a second is dropped too, because a late one would mislead. Drops are counted. Epoch reports, events and
 * intents are never dropped: they wait, up to a limit at which the caller gets a {@link PublishRefusedException}.
 */
public final class TelemetryPublisher implements AutoCloseable {
    private final Topics topics;
    private final Wire wire = new Wire();
    private final LongSupplier nanoClock;
    private final TelemetryLane telemetry;
    private final DurableLane durable;

    /**
     * A publisher that sends at once.
     *
     * @param nanoClock monotonic, nanoseconds
     * @param alarm told, in one line, of what an operator should know; called from any thread
     */
    public TelemetryPublisher(
            KafkaConnection connection,
            Topics topics,
            PublisherLimits limits,
            LongSupplier nanoClock,
            Consumer<String> alarm) {
        this.topics = topics;
        this.nanoClock = nanoClock;
        this.telemetry = new TelemetryLane(
                limits.telemetryQueue(), () -> new KafkaProducer<>(ProducerSettings.telemetry(connection)), nanoClock);
        this.durable = new DurableLane(
                limits.durableWaiting(),
                connection.bootstrapServers(),
                () -> new KafkaProducer<>(ProducerSettings.durable(connection)),
                alarm);
        telemetry.start();
        durable.start();
    }

    /** Sends a sample, or drops one. */
    public void publish(VmSample sample) {
        publish(sample, Duration.ZERO);
    }

    /**
     * Sends a sample, or drops one.
     *
     * @param mayWait how long it may wait for others, with which it then goes in one request: a broker's work is by the
     *     request
     */
    public void publish(VmSample sample, Duration mayWait) {
        long nowNanos = nanoClock.getAsLong();
        telemetry.offer(new OutgoingRecord(
                topics.telemetry().name(),
                RecordKeys.of(sample.vm()),
                wire.encode(sample),
                nowNanos,
                nowNanos + mayWait.toNanos()));
    }

    /**
     * Sends what a host sampled of all its VMs at one tick, in as few records as they fit in, or drops some.
     *
     * @param hostId the host; all samples are its own
     */
    public void publishTick(String hostId, List<VmSample> tick) {
        for (byte[] batch : wire.encodeBatch(hostId, tick)) {
            telemetry.offer(record(topics.telemetry().name(), RecordKeys.ofBatch(hostId), batch));
        }
    }

    /** Sends a report, now or when Kafka is back. */
    public void publish(EpochReport report) {
        durable.offer(record(topics.epochs().name(), RecordKeys.of(report.vm()), wire.encode(report)));
    }

    /** Sends an event, now or when Kafka is back. */
    public void publish(ReplicationEvent event) {
        durable.offer(record(topics.events().name(), RecordKeys.of(event.vm()), wire.encode(event)));
    }

    /** Sends an intent, now or when Kafka is back. */
    public void publish(OperatorIntent intent) {
        durable.offer(record(topics.intents().name(), RecordKeys.of(intent), wire.encode(intent)));
    }

    /** What became of the records so far. */
    public PublisherStats stats() {
        return new PublisherStats(
                telemetry.sent(),
                telemetry.droppedFull(),
                telemetry.droppedOld(),
                telemetry.droppedFailed(),
                durable.sent(),
                durable.waiting(),
                durable.refused(),
                durable.lost());
    }

    /** Ends both lanes; waits some seconds for durable records that are under way. */
    @Override
    public void close() {
        telemetry.close();
        durable.close();
    }

    private OutgoingRecord record(String topic, String key, byte[] value) {
        return new OutgoingRecord(topic, key, value, nanoClock.getAsLong());
    }
}
