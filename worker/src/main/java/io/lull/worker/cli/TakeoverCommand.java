package io.lull.worker.cli;

import io.lull.worker.backup.BackupCommands;
import io.lull.worker.status.OperatorRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lull takeover}: has a backup worker on this host run the VM now, and prints how that went as JSON. */
@Command(
        name = "takeover",
        description = "Has the backup worker on this host take its VM over now; a connected primary is sent away.")
final class TakeoverCommand implements Callable<Integer> {
    /**
     * Longer than a takeover's own limits together, which end it; but for the epochs that are applied before, and a claim whose answer is in
     * doubt, which have none.
     */
    private static final Duration LIMIT = Duration.ofMinutes(12);

    @Parameters(arity = "1", description = "the backup worker's runDir, or its command socket")
    private Path where = Path.of("");

    @Option(names = "--reason", description = "for the log, the event and the report; default: ${DEFAULT-VALUE}")
    private String reason = "told to by an operator";

    @Override
    public Integer call() throws IOException {
        return CommandCall.make("backup", where, new OperatorRequest(BackupCommands.TAKEOVER, reason), LIMIT);
    }
}
