package io.lull.worker.watchdog;

import io.lull.worker.capture.GuestStops;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker's end of the watchdog process: starts it and gives it signs of life. */
public final class Watchdog implements GuestStops, AutoCloseable {
    private static final long END_MILLIS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    private final Process process;
    private final OutputStream signs;

    private Watchdog(Process process) {
        this.process = process;
        this.signs = process.getOutputStream();
    }

    /**
     * Starts a watchdog with this JVM's own class path.
     *
     * @param qmp a monitor that nobody else uses
     * @param limitMillis silence after which it acts; a worker for which QEMU waits with all that it does is then killed
     * @param netdev whose output is held by a gate in QEMU; empty when there is none
     * @param log where it writes what it did
     */
    public static Watchdog start(Path qmp, long limitMillis, Optional<String> netdev, Path log) throws IOException {
        if (!Files.exists(qmp)) {
            throw new IOException(
                    "QEMU has no QMP socket " + qmp + ": qemu.watchdogQmp must name the socket of a second"
                            + " -qmp, or be empty to go without the watchdog process");
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx24m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                WatchdogMain.class.getName(),
                qmp.toString(),
                Long.toString(limitMillis),
                Long.toString(ProcessHandle.current().pid())));
        netdev.ifPresent(command::add);
        ProcessBuilder builder = new ProcessBuilder(command);
        File file = log.toFile();
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(file));
        return new Watchdog(builder.start());
    }

    /** A sign of life; false when the watchdog itself is gone. */
    public boolean alive() {
        return send(WatchdogMain.ALIVE);
    }

    /** The worker is about to stop the guest itself, not by COLO. */
    @Override
    public void guestStops() {
        send(WatchdogMain.STOPPED);
    }

    /** The guest stands still and may run elsewhere from now on: it is not to be freed if the worker dies. */
    public void guestIsBarred() {
        send(WatchdogMain.BARRED);
    }

    /** The guest runs nowhere else, and is to be freed again if the worker dies; it may stand still yet. */
    public void guestIsUnbarred() {
        send(WatchdogMain.UNBARRED);
    }

    /** The guest that the worker stopped runs again. */
    @Override
    public void guestRuns() {
        send(WatchdogMain.RUNS);
    }

    private boolean send(int sign) {
        try {
            signs.write(sign);
            signs.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Ends the watchdog without its acting: the guest runs and QEMU is disarmed. */
    @Override
    public void close() {
        send(WatchdogMain.ORDERLY);
        closePipe();
        try {
            if (!process.waitFor(END_MILLIS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Leaves QEMU to the watchdog, which acts as at the worker's death, and ends: the worker can't reach QEMU itself. */
    public void handOver() {
        closePipe();
    }

    private void closePipe() {
        try {
            signs.close();
        } catch (IOException e) {
            // The other end is gone, and with it the watchdog.
            LOG.debug("closing the watchdog's pipe", e);
        }
    }
}
