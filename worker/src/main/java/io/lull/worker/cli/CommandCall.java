package io.lull.worker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.worker.status.CommandClient;
import io.lull.worker.status.OperatorRequest;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Tells a worker of this host something and prints its answer. */
final class CommandCall {
    /** The socket's name in a worker's runDir. */
    static final String SOCKET = "command.sock";

    private CommandCall() {}

    /**
     * Prints what came of it as JSON.
     *
     * @param worker what kind of worker it is told to, for a reader
     * @param where its runDir, or its command socket
     * @param limit longer than the request's own limits together: they end it, not this
     * @throws IOException when nobody answers, or it came to nothing; one line
     */
    static int make(String worker, Path where, OperatorRequest request, Duration limit) throws IOException {
        Path socket = Files.isDirectory(where) ? where.resolve(SOCKET) : where;
        JsonNode answer;
        try {
            answer = CommandClient.ask(socket, request.toJson(), limit);
        } catch (SocketException e) {
            throw new IOException(
                    "no " + worker + " worker answers at " + socket + " (" + e.getMessage()
                            + "): give the runDir of one that runs on this host",
                    e);
        }
        Optional<String> error = OperatorRequest.errorOf(answer);
        if (error.isPresent()) {
            throw new IOException(error.get());
        }
        System.out.println(answer.toPrettyString());
        return 0;
    }
}
