package io.lull.worker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.worker.primary.PrimaryCommands;
import io.lull.worker.status.CommandClient;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
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
        Path socket = Files.isDirectory(where) ? where.resolve(TakeoverCommand.SOCKET) : where;
        JsonNode answer;
        try {
            answer = CommandClient.ask(socket, PrimaryCommands.switchover(reason), LIMIT);
        } catch (SocketException e) {
            throw new IOException(
                    "no primary worker answers at " + socket + " (" + e.getMessage()
                            + "): give the runDir of one that runs on this host",
                    e);
        }
        Optional<String> error = PrimaryCommands.errorOf(answer);
        if (error.isPresent()) {
            throw new IOException(error.get());
        }
        System.out.println(answer.toPrettyString());
        return 0;
    }
}
