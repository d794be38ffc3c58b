package io.lull.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A child process that was started here and is ended here: by its own handle, never by name. Its output goes to a log
 * file. It is killed when this JVM ends in any orderly way, Ctrl-C included.
 */
public final class ManagedProcess implements AutoCloseable {
    private static final long TERM_MILLIS = 3_000;

    private final String name;
    private final Process process;
    private final Path log;
    private final Thread hook;
    private final Set<ProcessHandle> children = new HashSet<>();

    private ManagedProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.hook = new Thread(this::end, "kill-" + name);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Starts {@code command}; standard output and error are appended to {@code log}. */
    public static ManagedProcess start(String name, List<String> command, Path log) throws IOException {
        Files.createDirectories(log.toAbsolutePath().getParent());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
        Process process = builder.start();
        try {
            return new ManagedProcess(name, process, log);
        } catch (IllegalStateException shuttingDown) {
            process.destroyForcibly();
            throw new IOException("the JVM is ending: " + name + " is not started", shuttingDown);
        }
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    /** The process itself. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    public boolean alive() {
        return process.isAlive();
    }

    public Path log() {
        return log;
    }

    /** SIGKILL, as the loss of a host would be. Returns when the process is gone; what it started lives on. */
    public void kill() {
        rememberChildren();
        process.destroyForcibly();
        await(TERM_MILLIS);
    }

    /** Sends this process a signal by its name, {@code STOP} for one; does nothing when it has ended. */
    public void signal(String signal) throws IOException {
        signal(process.toHandle(), signal);
    }

    private static void signal(ProcessHandle process, String signal) throws IOException {
        if (!process.isAlive()) {
            return;
        }
        Process kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .redirectErrorStream(true)
                .start();
        String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!said.isEmpty() && process.isAlive()) {
            throw new IOException("signal " + signal + " could not be sent to process " + process.pid() + ": " + said);
        }
    }

    /** Memory that this process has in use, page cache not counted. */
    public long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid() + "/status"))) {
            if (line.startsWith("RssAnon:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        throw new IOException("process " + pid() + " says nothing of its memory");
    }

    /** What this process has started, and what those have, as far as it runs now. */
    public List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }

    /**
     * SIGKILL to all of these at one moment, as the loss of their common host would be. Returns when they are gone.
     *
     * @throws IOException when one of them is not gone in time
     */
    public static void killAtOnce(List<ManagedProcess> processes) throws IOException {
        processes.forEach(ManagedProcess::rememberChildren);
        processes.forEach(each -> each.process.destroyForcibly());
        for (ManagedProcess each : processes) {
            if (!each.await(TERM_MILLIS)) {
                throw new IOException(each.name + " is not gone " + TERM_MILLIS + " ms after SIGKILL");
            }
        }
    }

    /** Has what this process has started until now end with this, also when the process itself is gone by then. */
    public synchronized void rememberChildren() {
        process.descendants().forEach(children::add);
    }

    private synchronized void end() {
        kill();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /** Waits for the end of the process; false when it still runs after {@code millis}. */
    public boolean await(long millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public int exitCode() {
        return process.exitValue();
    }

    /** The last lines of the log, for an error message. */
    public String tail(int lines) {
        try {
            List<String> all = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    /** SIGTERM, then SIGKILL; then what it has left running, a VM that it took over for example. */
    @Override
    public void close() {
        rememberChildren();
        process.destroy();
        await(TERM_MILLIS);
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook is running or has run: nothing is left to remove.
            return;
        }
    }
}
