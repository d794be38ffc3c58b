package io.lull.worker.cli;

import io.lull.worker.primary.PrimaryCommands;
import io.lull.worker.status.OperatorRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lull switchover}: has the primary worker on this host hand its VM over to the backup, and prints how that went. */
@Command(
        name = "switchover",
        description =
                "Has the primary worker on this host hand its VM over to its backup, without loss; its QEMU ends.")
final class SwitchoverCommand implements Callable<Integer> {
    /** Longer than a switchover's own limits together, unless the fence is silent: they end it, not this. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Parameters(arity = "1", description = "the primary worker's runDir, or its command socket")
    private Path where = Path.of("");

    @Option(names = "--reason", description = "for the log and the event; default: ${DEFAULT-VALUE}")
    private String reason = "told to by an operator";

    @Override
    public Integer call() throws IOException {
        return CommandCall.make("primary", where, new OperatorRequest(PrimaryCommands.SWITCHOVER, reason), LIMIT);
    }
}
