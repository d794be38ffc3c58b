package io.lull.bench.faults.scene;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Sends signals within a fraction of a millisecond: a shell that is there already does it itself. Starting a program for each
 * takes about as long as a guest's pause, so that what was aimed at one would fall after it.
 */
final class SignalHand implements AutoCloseable {
    private static final String SENT = "sent";
    private static final String LOOP = "while read -r name pid; do if kill -\"$name\" \"$pid\" 2>/dev/null; then echo "
            + SENT + "; else echo failed; fi; done";

    private final Process shell;
    private final BufferedReader answers;

    SignalHand() throws IOException {
        shell = new ProcessBuilder(List.of("bash", "-c", LOOP))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        answers = new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** Sends one by its name, {@code STOP} for one, and returns when it is sent; does nothing when the process has ended. */
    void send(String name, ProcessHandle process) throws IOException {
        OutputStream orders = shell.getOutputStream();
        orders.write((name + " " + process.pid() + "\n").getBytes(StandardCharsets.US_ASCII));
        orders.flush();
        if (!SENT.equals(answers.readLine()) && process.isAlive()) {
            throw new IOException("signal " + name + " could not be sent to process " + process.pid());
        }
    }

    @Override
    public void close() throws IOException {
        shell.getOutputStream().close();
    }
}
