package io.lull.worker.kafka;

import io.lull.policy.Decision;
import io.lull.policy.OperatorIntent;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.WorkerCommand;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.policy.signal.WindowMetrics;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.Topic;
import io.lull.schemas.topic.Topics;
import io.lull.schemas.wire.Wire;
import java.time.InstantSource;

/** Makes tails, from the end and over all VMs, for a live view. */
public final class TopicTails {
    private final KafkaConnection connection;
    private final Topics topics;
    private final InstantSource clock;
    private final Wire wire = new Wire();

    public TopicTails(KafkaConnection connection, Topics topics, InstantSource clock) {
        this.connection = connection;
        this.topics = topics;
        this.clock = clock;
    }

    public RecordTail<VmSample> telemetry(TailListener<VmSample> listener) {
        return tail(topics.telemetry(), wire::decodeSample, listener);
    }

    public RecordTail<EpochReport> epochs(TailListener<EpochReport> listener) {
        return tail(topics.epochs(), wire::decodeEpoch, listener);
    }

    public RecordTail<WorkerCommand> commands(TailListener<WorkerCommand> listener) {
        return tail(topics.commands(), wire::decodeCommand, listener);
    }

    public RecordTail<Decision> decisions(TailListener<Decision> listener) {
        return tail(topics.decisions(), wire::decodeDecision, listener);
    }

    public RecordTail<OperatorIntent> intents(TailListener<OperatorIntent> listener) {
        return tail(topics.intents(), wire::decodeIntent, listener);
    }

    public RecordTail<WindowMetrics> metrics(TailListener<WindowMetrics> listener) {
        return tail(topics.metrics(), wire::decodeMetrics, listener);
    }

    public RecordTail<ReplicationEvent> events(TailListener<ReplicationEvent> listener) {
        return tail(topics.events(), wire::decodeEvent, listener);
    }

    private <T> RecordTail<T> tail(Topic topic, RecordDecoder<T> decoder, TailListener<T> listener) {
        return new RecordTail<>(connection, TailSpec.fromTheEnd(topic.name()), clock, decoder, listener);
    }
}
