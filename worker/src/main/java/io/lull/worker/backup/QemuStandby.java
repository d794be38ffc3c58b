package io.lull.worker.backup;

import io.lull.producer.qemu.QemuQueries;
import io.lull.producer.qemu.QmpClient;
import io.lull.producer.qemu.QmpException;
import io.lull.worker.qemu.QmpCalls;
import io.lull.worker.qemu.TakerMark;
import java.io.File;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A QEMU process with an open incoming stream, which was told not to run by itself. */
final class QemuStandby implements Standby {
    private static final Logger log = LoggerFactory.getLogger(QemuStandby.class);
    private static final long QUIT_LIMIT_SECONDS = 2;
    private static final long STATUS_PERIOD_MILLIS = 100;
    /** Four announcements, 50 ms to 250 ms apart: what QEMU itself does after a migration. */
    private static final Map<String, Integer> ANNOUNCE = Map.of("initial", 50, "max", 550, "rounds", 5, "step", 50);

    private final Process process;
    private final SocketChannel stream;
    private final QmpClient qmp;
    private final CompletableFuture<Void> resumed;
    private final CompletableFuture<String> ended;

    QemuStandby(Process process, SocketChannel stream, QmpClient qmp, CompletableFuture<Void> resumed, File output) {
        this.process = process;
        this.stream = stream;
        this.qmp = qmp;
        this.resumed = resumed;
        this.ended =
                process.onExit().thenApply(p -> "standby QEMU ended with status " + p.exitValue() + "; see " + output);
    }

    @Override
    public WritableByteChannel stream() {
        return stream;
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public CompletableFuture<String> ended() {
        return ended;
    }

    @Override
    public void markTaken(UUID taker) throws IOException {
        TakerMark.put(new QmpCalls(qmp), taker);
    }

    /** Waits for its stream or has loaded it: in both states QEMU takes the word, and runs at once or when it has. */
    @Override
    public void run() throws IOException, InterruptedException {
        try {
            qmp.call("cont", Map.of());
        } catch (QmpException e) {
            throw new IOException("standby QEMU can't be told to run: " + e.getMessage(), e);
        }
    }

    @Override
    public void awaitRunning(long limitNanos) throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + limitNanos;
        CompletableFuture<Object> either = CompletableFuture.anyOf(resumed, ended);
        while (!isRunning(either)) {
            if (ended.isDone()) {
                throw new IOException(ended.join());
            }
            if (System.nanoTime() > deadlineNanos) {
                throw new IOException(
                        "standby QEMU has its device state, but doesn't run within " + limitNanos / 1_000_000 + " ms");
            }
        }
    }

    /** The RESUME event tells at once; the status is asked as well, lest an event be missed. */
    private boolean isRunning(CompletableFuture<Object> either) throws IOException, InterruptedException {
        try {
            either.get(STATUS_PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.debug("No RESUME yet");
        } catch (ExecutionException e) {
            throw new IOException("waiting for RESUME failed", e);
        }
        if (ended.isDone()) {
            return false;
        }
        try {
            return resumed.isDone() || new QemuQueries(qmp).status().running();
        } catch (QmpException e) {
            if (e.kind() == QmpException.Kind.CLOSED && endsNow()) {
                return false;
            }
            throw new IOException("standby QEMU doesn't answer: " + e.getMessage(), e);
        }
    }

    /** Its monitor is closed a moment before the process is gone, which says more of why. */
    private boolean endsNow() throws InterruptedException {
        return process.waitFor(STATUS_PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void announceSelf() throws IOException, InterruptedException {
        try {
            qmp.call("announce-self", ANNOUNCE);
        } catch (QmpException e) {
            throw new IOException("announce-self failed: " + e.getMessage(), e);
        }
    }

    /** For a thread that was told to end, and yet has to know that the process is gone. */
    private void kill() {
        try {
            process.destroyForcibly().waitFor(QUIT_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            log.warn("Standby QEMU {} was killed, and not waited for", process.pid());
        }
    }

    @Override
    public void withdraw() {
        try {
            qmp.execute("quit");
            if (!process.waitFor(QUIT_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        } finally {
            qmp.close();
            try {
                stream.close();
            } catch (IOException e) {
                log.debug("Closing the standby's stream failed", e);
            }
        }
    }
}
