package io.lull.worker.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lull.worker.limit.PartedWait;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A {@code tc} or {@code ip} of iproute2 in its batch mode, which takes a command a line, for as long as it is needed: to start
 * one takes some 10 ms, a command a fraction of one.
 *
 * <p>A question is answered by one line of JSON, written out at once. A command that does something is answered by nothing; one that
 * fails, by what was wrong in plain text, and then the program ends. (With {@code -force} it would go on. Without, the answer
 * to a question says that all commands before it were carried out.)
 */
final class BatchProcess implements CommandLine {
    /** How long each line of an answer may take; commands wait for the kernel's one lock on networks, which others hold for long at times. */
    static final long ANSWER_LIMIT_NANOS = 2_000_000_000L;

    /** Of a line. */
    static final int MAX_ANSWER_CHARS = 4 << 20;

    /** Lines that nobody asked for and the answer. */
    private static final int MAX_LINES = 16;

    private static final JsonMapper JSON = new JsonMapper();

    private final String name;
    private final OutputStream commands;
    private final Runnable end;
    private final long limitNanos;
    private final BlockingQueue<Line> lines = new ArrayBlockingQueue<>(MAX_LINES);
    private int given;
    private volatile boolean ended;
    /** Why it is of no use any more; set by whoever closes it, too. */
    private volatile String broken = "";

    /** @param last whether there is nothing behind it */
    private record Line(String text, boolean last) {}

    /**
     * Takes over a running program.
     *
     * @param answers what it writes, its errors too
     * @param end ends it, whatever it does
     */
    BatchProcess(String name, InputStream answers, OutputStream commands, Runnable end, long limitNanos) {
        this.name = name;
        this.commands = commands;
        this.end = end;
        this.limitNanos = limitNanos;
        Thread reader = new Thread(() -> read(answers), "lull-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    /** Those of this machine, in the network namespace of this process. */
    static Tools ofThisMachine() {
        return new Tools() {
            @Override
            public CommandLine tc() throws IOException {
                return start("tc", "-s", "-j");
            }

            @Override
            public CommandLine ip() throws IOException {
                return start("ip", "-d", "-j");
            }
        };
    }

    private static BatchProcess start(String tool, String... options) throws IOException {
        // In a session of its own: what a terminal sends to end the worker must not end the tool before it.
        List<String> command = new ArrayList<>(List.of("setsid", tool));
        command.addAll(List.of(options));
        command.addAll(List.of("-batch", "-"));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IOException(
                    tool + " can't be started; it is in the package iproute2, setsid in util-linux: " + e.getMessage(),
                    e);
        }
        return new BatchProcess(
                tool,
                process.getInputStream(),
                process.getOutputStream(),
                process::destroyForcibly,
                ANSWER_LIMIT_NANOS);
    }

    private void read(InputStream answers) {
        String last = "";
        try (Reader reader = new BufferedReader(new InputStreamReader(answers, StandardCharsets.UTF_8))) {
            StringBuilder text = new StringBuilder();
            for (int next = reader.read(); next >= 0; next = reader.read()) {
                if (next != '\n') {
                    text.append((char) next);
                } else if (!lines.offer(new Line(text.toString(), false))) {
                    last = "it says more than it was asked";
                    break;
                } else {
                    text.setLength(0);
                }
                if (text.length() > MAX_ANSWER_CHARS) {
                    last = "a line of it is longer than " + MAX_ANSWER_CHARS + " characters";
                    break;
                }
            }
        } catch (IOException e) {
            last = String.valueOf(e.getMessage());
        }
        ended = true;
        // The end must be heard of, whatever was said before.
        while (!lines.offer(new Line(last, true))) {
            lines.poll();
        }
    }

    @Override
    public JsonNode ask(String... lines) throws IOException {
        if (!broken.isEmpty()) {
            throw new IOException(name + " is gone: " + broken);
        }
        try {
            write(lines);
            return answer();
        } catch (IOException e) {
            broken = String.valueOf(e.getMessage());
            close();
            throw new IOException(name + " failed in '" + String.join("; ", lines) + "': " + broken, e);
        }
    }

    private void write(String... asked) {
        given += asked.length;
        try {
            commands.write((String.join("\n", asked) + "\n").getBytes(StandardCharsets.UTF_8));
            commands.flush();
        } catch (IOException ended) {
            // It has said why, which is what is read next.
            return;
        }
    }

    private JsonNode answer() throws IOException {
        List<String> complaints = new ArrayList<>();
        while (complaints.size() <= MAX_LINES) {
            Line line = next();
            if (line.last()) {
                complaints.add(line.text().isEmpty() ? "it ended" : line.text());
                break;
            }
            if (line.text().startsWith("[") && complaints.isEmpty()) {
                return parsed(line.text());
            }
            complaints.add(line.text());
        }
        throw new IOException(String.join("; ", complaints));
    }

    private Line next() throws IOException {
        try {
            return PartedWait.first(limitNanos, nanos -> Optional.ofNullable(lines.poll(nanos, TimeUnit.NANOSECONDS)))
                    .orElseThrow(() -> new IOException("no answer within " + limitNanos / 1_000_000 + " ms"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while it was to answer", e);
        }
    }

    private static JsonNode parsed(String line) throws IOException {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IOException("its answer is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public boolean works() {
        return broken.isEmpty() && !ended;
    }

    @Override
    public int given() {
        return given;
    }

    @Override
    public void close() {
        if (broken.isEmpty()) {
            broken = "it was ended";
        }
        end.run();
    }
}
