package io.lull.worker.primary;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lull.producer.qemu.QmpClient;
import io.lull.producer.qemu.QmpException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what became of a VM when something of it was lost, and ends one that lives on elsewhere. */
final class VmLife {
    /** A monitor that is silent for so long belongs to a QEMU that serves nobody any more. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
    /** From the end of a process's sockets to its own. */
    private static final int MAX_LOOKS = 400;

    private static final long LOOK_MILLIS = 5;

    private static final long QUIT_LIMIT_MILLIS = 3_000;
    private static final Logger LOG = LoggerFactory.getLogger(VmLife.class);

    private final QmpClient monitor;
    private final long processId;
    private final Path processStat;
    private final AtomicBoolean off;

    /**
     * @param processId QEMU's
     * @param off whether QEMU has sent SHUTDOWN; set by whoever hears its events, which it sends before it closes
     */
    VmLife(QmpClient monitor, long processId, AtomicBoolean off) {
        this.monitor = monitor;
        this.off = off;
        this.processId = processId;
        this.processStat = Path.of("/proc", Long.toString(processId), "stat");
    }

    /**
     * The VM's fate as of now. A stream of QEMU's may end before its monitor does, so QEMU is asked, and its process
     * looked at; takes a millisecond while all is well, and some seconds at most.
     */
    VmFate fate() throws InterruptedException {
        if (!off.get() && answers()) {
            return VmFate.RUNS;
        }
        if (off.get()) {
            return VmFate.OFF;
        }
        return monitor.whenClosed().isDone() && !processEnds() ? VmFate.OUT_OF_REACH : VmFate.LOST;
    }

    /** Whether QEMU answers its monitor within a limit. An interrupted caller isn't told so. */
    boolean answersNow() {
        try {
            return answers();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean answers() throws InterruptedException {
        try {
            monitor.execute("query-status", JsonNodeFactory.instance.objectNode(), ANSWER_LIMIT)
                    .get();
            return true;
        } catch (ExecutionException e) {
            return e.getCause() instanceof QmpException failure && failure.kind() == QmpException.Kind.REFUSED;
        }
    }

    private boolean processEnds() throws InterruptedException {
        for (int i = 0; i < MAX_LOOKS; i++) {
            if (processIsGone()) {
                return true;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return false;
    }

    /** Whether the process has ended; its parent may not have noticed. */
    private boolean processIsGone() {
        return state().map(state -> state == 'Z' || state == 'X').orElse(true);
    }

    private Optional<Character> state() {
        try {
            String stat = Files.readString(processStat, StandardCharsets.ISO_8859_1);
            return Optional.of(stat.charAt(stat.lastIndexOf(')') + 2));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Ends QEMU, whose guest runs elsewhere; by force when it doesn't end within a limit. */
    void end() throws InterruptedException {
        Optional<ProcessHandle> process = ProcessHandle.of(processId);
        monitor.execute("quit", JsonNodeFactory.instance.objectNode()).exceptionally(gone -> {
            LOG.debug("quit: {}", gone.getMessage());
            return JsonNodeFactory.instance.objectNode();
        });
        if (process.isEmpty()) {
            return;
        }
        try {
            process.get().onExit().get(QUIT_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("QEMU {} did not end when it was told to: it is killed", processId);
            process.get().destroyForcibly();
        }
    }
}
