package io.lull.local.oracle;

import io.lull.local.Await;
import io.lull.local.GuestSpec;
import io.lull.local.GuestSpec.Seat;
import io.lull.policy.VmId;
import io.lull.policy.signal.EpochReport;
import io.lull.worker.backup.Backup;
import io.lull.worker.backup.BackupListener;
import io.lull.worker.backup.BackupOptions;
import io.lull.worker.backup.BackupParts;
import io.lull.worker.backup.FailoverMode;
import io.lull.worker.backup.FailoverReport;
import io.lull.worker.backup.HotStandby;
import io.lull.worker.backup.StandbyOptions;
import io.lull.worker.backup.StandbyQemu;
import io.lull.worker.backup.StandbyQemuOptions;
import io.lull.worker.config.SourceChoice;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A running guest with a primary and a backup of its own, until it is killed and its standby is the next guest. */
final class ProtectedGuest implements AutoCloseable {
    private static final long PROTECT_MILLIS = 60_000;
    private static final long END_SECONDS = 10;
    private static final BackupOptions.Timing TIMING =
            new BackupOptions.Timing(5_000_000_000L, 100_000_000L, 20_000_000_000L);

    private final Backup backup;
    private final LivePrimary primary;
    private final CounterSizes sizes;
    private final Seat standby;
    private final Path standbyPid;

    /**
     * Protects a running guest.
     *
     * @param folder for sockets and logs; the standby's seat is in it
     * @param image folder for the committed image
     * @param running the guest's counter port and monitor
     */
    ProtectedGuest(GuestSpec guest, Path folder, Path image, Running running) throws IOException {
        this(guest, folder, image, running, SourceChoice.AUTO);
    }

    /** As before, captured in a given way. */
    ProtectedGuest(GuestSpec guest, Path folder, Path image, Running running, SourceChoice source) throws IOException {
        Files.createDirectories(folder);
        Files.createDirectories(image);
        this.standby = Seat.standby(folder, Optional.empty(), Optional.empty());
        this.standbyPid = folder.resolve("standby.pid");
        List<String> command = new ArrayList<>(guest.standbyCommand(standby));
        command.addAll(List.of("-pidfile", standbyPid.toString()));
        this.sizes = new CounterSizes(running.counter());
        this.backup = Backup.start(
                new BackupOptions(
                        new VmId(LivePrimary.VM),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        BackupOptions.Store.defaults(image, Optional.empty()),
                        FailoverMode.AUTO,
                        TIMING),
                new BackupParts(
                        Wiring.UNSAFE_PLAINTEXT,
                        Optional.of(
                                new StandbyQemu(new StandbyQemuOptions(command, folder, TimeUnit.SECONDS.toNanos(60)))),
                        StandbyOptions.DEFAULT,
                        Optional.empty(),
                        new BackupListener() {}),
                System::nanoTime);
        try {
            this.primary = LivePrimary.start(
                    folder.resolve("run"), new LivePrimary.Vm(running.qmp(), "", source), backup.address(), sizes);
        } catch (IOException | RuntimeException e) {
            backup.close();
            throw e;
        }
    }

    /** A guest's process with what the next primary needs of it. */
    record Running(ProcessHandle process, String qmp, Path counter) {}

    /** Returns when an epoch is committed and the standby is filled. */
    void awaitProtected() throws IOException {
        Await.until(
                "the guest is protected and its standby filled",
                PROTECT_MILLIS,
                () -> primary.isProtected() && backup.status().standby().equals(Optional.of(HotStandby.State.READY)));
    }

    /** The guest dies under its worker, which says so, and the backup takes over by its own rule. */
    FailoverReport killAndTakeOver(ProcessHandle guest) throws Exception {
        kill(guest);
        FailoverReport report = backup.takenOver().get(END_SECONDS, TimeUnit.SECONDS);
        primary.close();
        return report;
    }

    /** SIGKILL; returns when the process is gone. */
    static void kill(ProcessHandle process) throws Exception {
        process.destroyForcibly();
        process.onExit().get(END_SECONDS, TimeUnit.SECONDS);
    }

    /** What its primary reports of its epochs. */
    List<EpochReport> reports() {
        return primary.reports();
    }

    CounterSizes sizes() {
        return sizes;
    }

    Seat standby() {
        return standby;
    }

    /** The standby as the running guest; its first monitor stays with the backup's side, so the second is taken. */
    Running takenOver() throws IOException {
        long pid = Long.parseLong(Files.readString(standbyPid).strip());
        ProcessHandle process =
                ProcessHandle.of(pid).orElseThrow(() -> new IOException("the standby, process " + pid + ", is gone"));
        return new Running(process, standby.watchdogQmp().toString(), standby.counter());
    }

    @Override
    public void close() throws Exception {
        primary.close();
        if (backup.running().isPresent()) {
            backup.running().get().withdraw();
        }
        backup.close();
    }
}
