package io.lull.bench.job.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A JVM that was started here with this one's class path, is told what to do line by line ({@link ChildLoop}), and ends
 * when its input does, so also when this JVM ends in whatever way. What it says on standard error goes to a log file.
 */
public final class ChildJvm implements AutoCloseable {
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(5);
    private static final long END_LIMIT_SECONDS = 10;

    private final String name;
    private final Process process;
    private final Path log;
    private final Writer in;
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    private ChildJvm(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.in = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "output-of-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts {@code main} and waits until it is ready.
     *
     * @param flags of the JVM
     */
    public static ChildJvm start(String name, Class<?> main, List<String> flags, List<String> arguments, Path folder)
            throws IOException {
        Files.createDirectories(folder);
        Path log = folder.resolve(name + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new ChildJvm(name, process, log);
    }

    /** Waits for a line that begins with {@code word}; returns what follows it. */
    public String await(String word) throws IOException {
        long deadlineNanos = System.nanoTime() + ANSWER_LIMIT.toNanos();
        while (System.nanoTime() < deadlineNanos) {
            String line = poll();
            if (line != null && line.startsWith(word)) {
                return line.substring(word.length()).trim();
            }
            if (line == null && !process.isAlive()) {
                throw new IOException(name + " has ended with " + process.exitValue() + "; see " + log);
            }
        }
        throw new IOException(
                name + " does not say '" + word + "' within " + ANSWER_LIMIT.toSeconds() + " s; see " + log);
    }

    /** Says a line and waits for the one that begins with {@code word}. */
    public String ask(String line, String word) throws IOException {
        in.write(line + "\n");
        in.flush();
        return await(word);
    }

    /** Time that its threads have spent on cores since it began; to 10 ms, as Linux counts. */
    public long cpuNanos() {
        return process.info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException("this system does not tell the CPU time of a process"))
                .toNanos();
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        try {
            in.close();
            if (process.waitFor(END_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (IOException e) {
            // It has ended already.
            process.destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }

    private String poll() {
        try {
            return said.poll(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
    }

    private void read() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            out.lines().forEach(said::add);
        } catch (IOException e) {
            throw new UncheckedIOException("the output of " + name + " can't be read", e);
        }
    }
}
