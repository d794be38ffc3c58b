package io.lull.worker.kafka;

import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.topic.Topics;
import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.Wire;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Hands the commands for one VM to its worker. It begins at the end of the topic, but for the plans of this VM whose
 * lease still holds: those are handed over first, oldest first.
 */
public final class CommandSource implements AutoCloseable {
    private final VmId vm;
    private final InstantSource clock;
    private final Listener listener;
    private final Wire wire = new Wire();
    private final RecordTail<WorkerCommand> tail;

    /** Takes the commands; always called from the source's own thread. What it throws ends the source. */
    public interface Listener {
        /** A command for this VM. It may be stale or repeated: it names the epoch or the plan that it is about. */
        void command(WorkerCommand command);

        /** A record that is no command for this VM, although its key says so; it has been counted. */
        void rejected(BadRecordException why);

        /** Kafka can't be read now, in one line; the source goes on trying. */
        void trouble(String why);
    }

    /**
     * A source; it reads once it is started.
     *
     * @param clock wall clock, for the leases of plans that were there already
     */
    public CommandSource(KafkaConnection connection, Topics topics, VmId vm, InstantSource clock, Listener listener) {
        this.vm = vm;
        this.clock = clock;
        this.listener = listener;
        TailSpec spec = new TailSpec(topics.commands().name(), Optional.of(RecordKeys.of(vm)), Topics.LONGEST_LEASE);
        this.tail = new RecordTail<>(connection, spec, clock, this::decode, new Commands());
    }

    public void start() {
        tail.start();
    }

    /** Waits until it is placed in the topic: what is written from then on is delivered. Whether that came in time. */
    public boolean awaitFollowing(Duration limit) throws InterruptedException {
        return tail.awaitFollowing(limit);
    }

    /** Records that could not be read. */
    public long rejected() {
        return tail.rejected();
    }

    @Override
    public void close() throws InterruptedException {
        tail.close();
    }

    private WorkerCommand decode(byte[] bytes) throws BadRecordException {
        WorkerCommand command = wire.decodeCommand(bytes);
        if (!command.vm().equals(vm)) {
            throw new BadRecordException(
                    "CheckpointCommand value", "its key is " + vm + " and its vmId is " + command.vm(), null);
        }
        return command;
    }

    private final class Commands implements TailListener<WorkerCommand> {
        @Override
        public void record(WorkerCommand command) {
            listener.command(command);
        }

        @Override
        public void replayed(WorkerCommand command) {
            long nowMicros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
            if (command instanceof StandingPlan standing && standing.plan().holdsAt(nowMicros)) {
                listener.command(command);
            }
        }

        @Override
        public void rejected(BadRecordException why, byte[] bytes) {
            listener.rejected(why);
        }

        @Override
        public void trouble(String why) {
            listener.trouble(why);
        }
    }
}
