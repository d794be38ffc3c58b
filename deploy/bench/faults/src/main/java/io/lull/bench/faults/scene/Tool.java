package io.lull.bench.faults.scene;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program of the machine's that was run to its end.
 *
 * @param command that was run
 * @param code that it ended with
 * @param said all that it printed
 */
record Tool(List<String> command, int code, String said) {
    private static final long LIMIT_SECONDS = 30;

    /** Runs it; whatever it ends with. */
    static Tool run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", command) + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return new Tool(command, process.exitValue(), said);
    }

    /** Runs one that must end with 0. */
    static void succeed(List<String> command) throws IOException {
        Tool ended = run(command);
        if (ended.code() != 0) {
            throw new IOException(String.join(" ", command) + ": " + ended.said());
        }
    }
}
