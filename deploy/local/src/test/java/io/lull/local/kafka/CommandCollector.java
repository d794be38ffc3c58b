package io.lull.local.kafka;

import io.lull.policy.WorkerCommand;
import io.lull.schemas.wire.BadRecordException;
import io.lull.worker.kafka.CommandSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Keeps what a command source hands over. */
final class CommandCollector implements CommandSource.Listener {
    final Queue<WorkerCommand> commands = new ConcurrentLinkedQueue<>();
    final Queue<BadRecordException> rejected = new ConcurrentLinkedQueue<>();

    @Override
    public void command(WorkerCommand command) {
        commands.add(command);
    }

    @Override
    public void rejected(BadRecordException why) {
        rejected.add(why);
    }

    @Override
    public void trouble(String why) {}
}
