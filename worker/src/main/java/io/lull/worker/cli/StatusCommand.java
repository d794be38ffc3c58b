package io.lull.worker.cli;

import io.lull.worker.status.StatusClient;
import io.lull.worker.status.StatusSocket;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lull status}: prints what a worker on this host says of itself, as JSON. */
@Command(name = "status", description = "Prints the state of a worker on this host as JSON.")
final class StatusCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    @Parameters(arity = "1", description = "the worker's runDir, or its status socket")
    private Path where = Path.of("");

    @Override
    public Integer call() throws IOException {
        Path socket = Files.isDirectory(where) ? where.resolve(StatusSocket.NAME) : where;
        try {
            System.out.println(StatusClient.read(socket, LIMIT).toPrettyString());
            return 0;
        } catch (SocketException e) {
            throw new IOException(
                    "no worker answers at " + socket + " (" + e.getMessage()
                            + "): give the runDir of a worker that runs on this host; if it does run, it hangs, and its log may say why",
                    e);
        }
    }
}
