package io.lull.worker.backup;

import io.lull.producer.qemu.QmpClient;
import io.lull.producer.qemu.QmpException;
import java.io.File;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Starts QEMU processes with {@code -incoming}, and connects to their stream and their monitor. */
public final class StandbyQemu implements StandbyLauncher {
    private static final long POLL_MILLIS = 5;

    private final StandbyQemuOptions options;
    private final OrphanedStandbys orphans;
    private int generation;
    private boolean lookedForOrphans;

    public StandbyQemu(StandbyQemuOptions options) {
        this.options = options;
        this.orphans = new OrphanedStandbys(options);
    }

    @Override
    public Standby start() throws IOException, InterruptedException {
        String name = nextName();
        Path incoming = options.directory().resolve(name + ".in");
        Path qmp = options.directory().resolve(name + ".qmp");
        File output = options.directory().resolve(name + ".log").toFile();
        Files.deleteIfExists(incoming);
        Files.deleteIfExists(qmp);
        List<String> command = options.command().stream()
                .map(word -> word.replace(StandbyQemuOptions.INCOMING, incoming.toString())
                        .replace(StandbyQemuOptions.QMP, qmp.toString()))
                .toList();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        try {
            return connect(process, incoming, qmp, output);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            process.destroyForcibly();
            throw e;
        }
    }

    @Override
    public void endLoaded() throws InterruptedException {
        orphans.endLoaded();
    }

    /** One that no process uses; the first time, those that wait in vain for a process which died are ended. */
    private synchronized String nextName() throws InterruptedException {
        if (!lookedForOrphans) {
            orphans.end();
            lookedForOrphans = true;
        }
        String name;
        do {
            generation++;
            name = StandbyQemuOptions.NAME + generation;
        } while (orphans.isInUse(name));
        return name;
    }

    private Standby connect(Process process, Path incoming, Path qmp, File output)
            throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + options.startLimitNanos();
        CompletableFuture<Void> resumed = new CompletableFuture<>();
        QmpClient client = whenUp(process, deadlineNanos, output, () -> monitor(qmp, resumed));
        try {
            holdBack(client);
            SocketChannel stream = whenUp(
                    process, deadlineNanos, output, () -> SocketChannel.open(UnixDomainSocketAddress.of(incoming)));
            return new QemuStandby(process, stream, client, resumed, output);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            client.close();
            throw e;
        }
    }

    /** What -S on its command line would do: while QEMU waits for its stream, this says what it does once that is loaded. */
    private static void holdBack(QmpClient client) throws IOException, InterruptedException {
        try {
            client.call("stop", Map.of());
        } catch (QmpException e) {
            throw new IOException("standby QEMU can't be kept from running by itself: " + e.getMessage(), e);
        }
    }

    private QmpClient monitor(Path qmp, CompletableFuture<Void> resumed) throws IOException, InterruptedException {
        if (!Files.exists(qmp)) {
            throw new IOException("no monitor socket " + qmp);
        }
        try {
            return QmpClient.connect(
                    qmp,
                    event -> {
                        if (event.name().equals("RESUME")) {
                            resumed.complete(null);
                        }
                    },
                    Duration.ofNanos(options.startLimitNanos()));
        } catch (QmpException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    private static <T> T whenUp(Process process, long deadlineNanos, File output, Attempt<T> attempt)
            throws IOException, InterruptedException {
        while (true) {
            try {
                return attempt.run();
            } catch (IOException e) {
                if (System.nanoTime() > deadlineNanos) {
                    throw new IOException(
                            "standby QEMU doesn't listen in time: " + e.getMessage() + "; see " + output, e);
                }
            }
            if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IOException("standby QEMU ended with status " + process.exitValue() + "; see " + output);
            }
        }
    }
}
