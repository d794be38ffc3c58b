package io.lull.worker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.worker.backup.BackupCommands;
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

/** {@code lull takeover}: has a backup worker on this host run the VM now, and prints how that went as JSON. */
@Command(
        name = "takeover",
        description = "Has the backup worker on this host take its VM over now; a connected primary is sent away.")
final class TakeoverCommand implements Callable<Integer> {
    /** The socket's name in a backup's runDir. */
    static final String SOCKET = "command.sock";

    /** Longer than a takeover's own limits together: they end it, not this. */
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @Parameters(arity = "1", description = "the backup worker's runDir, or its command socket")
    private Path where = Path.of("");

    @Option(names = "--reason", description = "for the log, the event and the report; default: ${DEFAULT-VALUE}")
    private String reason = "told to by an operator";

    @Override
    public Integer call() throws IOException {
        Path socket = Files.isDirectory(where) ? where.resolve(SOCKET) : where;
        JsonNode answer;
        try {
            answer = CommandClient.ask(socket, BackupCommands.takeover(reason), LIMIT);
        } catch (SocketException e) {
            throw new IOException(
                    "no backup worker answers at " + socket + " (" + e.getMessage()
                            + "): give the runDir of one that runs on this host",
                    e);
        }
        Optional<String> error = BackupCommands.errorOf(answer);
        if (error.isPresent()) {
            throw new IOException(error.get());
        }
        System.out.println(answer.toPrettyString());
        return 0;
    }
}
