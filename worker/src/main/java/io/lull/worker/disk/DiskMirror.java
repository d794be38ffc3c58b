package io.lull.worker.disk;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.worker.qemu.Qmp;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes QEMU copy a running VM's disk to our NBD server, first the old contents and then each write as it is made.
 *
 * <p>What becomes of the job is learned from QEMU's events, if {@link #onEvent} is given them, and from {@link #poll}.
 * All methods may be called from any thread; QMP commands are sent by {@link #start}, {@link #poll}, {@link #awaitReady}
 * and {@link #close} only, so {@link #onEvent} may be called by the thread that reads QMP.
 */
public final class DiskMirror implements Closeable {
    /** How often the job is looked at while something is waited for. */
    static final long POLL_MILLIS = 50;

    /** How often {@link #close} looks whether the job is gone, 10 s in all. */
    static final int MAX_CLOSE_POLLS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(DiskMirror.class);

    private final Qmp qmp;
    private final MirrorSpec spec;
    private final MirrorListener listener;
    private MirrorState state = MirrorState.IDLE;
    /** As of the last poll. */
    private volatile long copiedBytes;

    public DiskMirror(Qmp qmp, MirrorSpec spec, MirrorListener listener) {
        this.qmp = qmp;
        this.spec = spec;
        this.listener = listener;
    }

    /**
     * Connects QEMU to the server and starts the job.
     *
     * @throws IOException when a step fails; nothing is left in QEMU, and the mirror is closed
     */
    public void start() throws IOException {
        transition(MirrorState.COPYING, "the mirror was started");
        try {
            qmp.execute("blockdev-add", target());
            try {
                qmp.execute("blockdev-mirror", job());
            } catch (IOException e) {
                deleteTarget(e);
                throw e;
            }
        } catch (IOException e) {
            transition(MirrorState.CLOSED, "it could not be started: " + e.getMessage());
            throw e;
        }
    }

    public synchronized MirrorState state() {
        return state;
    }

    /**
     * Takes an event of QEMU's; those of other kinds and of other jobs are passed over.
     *
     * @param name for example {@code BLOCK_JOB_READY}
     */
    public void onEvent(String name, JsonNode data) {
        if (!spec.jobId().equals(data.path("device").asText())) {
            return;
        }
        switch (name) {
            case "BLOCK_JOB_READY" -> ready();
            case "BLOCK_JOB_ERROR", "BLOCK_JOB_COMPLETED", "BLOCK_JOB_CANCELLED" ->
                fail(name + " " + data.path("error").asText(""));
            default -> {}
        }
    }

    /** Asks QEMU for the job, and takes over what it says. */
    public void poll() throws IOException {
        MirrorState before = state();
        if (before != MirrorState.COPYING && before != MirrorState.READY) {
            return;
        }
        Optional<JsonNode> job = findJob();
        if (job.isEmpty()) {
            fail("QEMU has no such job any more");
            return;
        }
        copiedBytes = job.get().path("offset").asLong();
        if (job.get().path("ready").asBoolean()) {
            ready();
        }
    }

    /**
     * Waits until the target equals the disk.
     *
     * @param standstillMillis how long the job may copy nothing; how long it takes in all depends on the disk
     * @return whether it does; false when the job failed, or stood still for the limit
     */
    public boolean awaitReady(long standstillMillis) throws IOException, InterruptedException {
        long movedAtNanos = System.nanoTime();
        poll();
        long seenBytes = copiedBytes;
        while (state() == MirrorState.COPYING) {
            if (copiedBytes != seenBytes) {
                seenBytes = copiedBytes;
                movedAtNanos = System.nanoTime();
            } else if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - movedAtNanos) >= standstillMillis) {
                return false;
            }
            pause();
            poll();
        }
        return state() == MirrorState.READY;
    }

    /**
     * Ends the job and removes the target from QEMU. The listener is not called.
     *
     * @throws IOException when QEMU keeps the job or the target
     */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            MirrorState before = state;
            if (!before.allows(MirrorState.CLOSED)) {
                return;
            }
            transition(MirrorState.CLOSED, "it was closed");
            if (before == MirrorState.IDLE) {
                return;
            }
        }
        for (int i = 0; findJob().isPresent(); i++) {
            if (i == MAX_CLOSE_POLLS) {
                throw new IOException("QEMU keeps the mirror job " + spec.jobId() + " though it was cancelled");
            }
            cancel(i);
        }
        qmp.execute("blockdev-del", Map.of("node-name", spec.targetNode()));
    }

    private void cancel(int attempt) throws IOException {
        if (attempt == 0) {
            try {
                qmp.execute("block-job-cancel", Map.of("device", spec.jobId(), "force", true));
            } catch (IOException e) {
                // A job that is about to end can't be cancelled; it is waited for all the same.
                LOG.info("QEMU did not cancel the mirror job {}: {}", spec.jobId(), e.getMessage());
            }
            return;
        }
        try {
            pause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the end of mirror job " + spec.jobId(), e);
        }
    }

    private Map<String, ?> target() {
        Path socket = spec.socket();
        return Map.of(
                "driver",
                "nbd",
                "node-name",
                spec.targetNode(),
                "server",
                Map.of("type", "unix", "path", socket.toString()),
                "export",
                spec.export());
    }

    private Map<String, ?> job() {
        Map<String, Object> job = new LinkedHashMap<>();
        job.put("job-id", spec.jobId());
        job.put("device", spec.device());
        job.put("target", spec.targetNode());
        job.put("sync", "full");
        job.put("copy-mode", "write-blocking");
        spec.limit().ifPresent(limit -> {
            job.put("speed", limit.bytesPerSecond());
            job.put("buf-size", limit.bufferBytes());
        });
        return job;
    }

    private void deleteTarget(IOException cause) {
        try {
            qmp.execute("blockdev-del", Map.of("node-name", spec.targetNode()));
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private Optional<JsonNode> findJob() throws IOException {
        for (JsonNode job : qmp.execute("query-block-jobs", Map.of())) {
            if (spec.jobId().equals(job.path("device").asText())) {
                return Optional.of(job);
            }
        }
        return Optional.empty();
    }

    private synchronized void ready() {
        if (state.allows(MirrorState.READY)) {
            transition(MirrorState.READY, "target and disk are equal");
        }
    }

    private void fail(String reason) {
        synchronized (this) {
            if (!state.allows(MirrorState.FAILED)) {
                return;
            }
            transition(MirrorState.FAILED, reason);
        }
        listener.onDiskUnprotected("mirror job " + spec.jobId() + " of disk " + spec.device() + " ended: " + reason);
    }

    private synchronized void pause() throws InterruptedException {
        wait(POLL_MILLIS);
    }

    private synchronized void transition(MirrorState next, String reason) {
        if (!state.allows(next)) {
            throw new IllegalStateException("a disk mirror can't go from " + state + " to " + next);
        }
        LOG.info("Disk mirror {} {} -> {}: {}", spec.jobId(), state, next, reason);
        state = next;
        notifyAll();
    }
}
