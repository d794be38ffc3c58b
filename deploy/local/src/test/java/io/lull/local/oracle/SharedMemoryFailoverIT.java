package io.lull.local.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.local.Await;
import io.lull.local.GuestSpec;
import io.lull.local.GuestSpec.Seat;
import io.lull.local.ManagedProcess;
import io.lull.local.scenario.CounterSequence;
import io.lull.policy.signal.EpochReport;
import io.lull.worker.backup.FailoverReport;
import io.lull.worker.config.SourceChoice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A VM that can't be captured by COLO is captured from shared memory, and its backup goes on from the last commit. */
@Tag("guest")
@Timeout(240)
class SharedMemoryFailoverIT {
    private static final String LOAD = "g.run=integrity g.integrity=8:2:4000 g.counter=/dev/ttyS1";
    private static final long BOOT_MILLIS = 120_000;
    private static final long LIMIT_MILLIS = 30_000;
    private static final long RUN_MILLIS = 1_500;
    private static final int LINES_AFTER_A_KILL = 60;
    /** {@code env LD_PRELOAD=...}: without these words TCG has no lock fix, and COLO is refused. */
    private static final int PRELOAD_WORDS = 2;

    @TempDir
    Path directory;

    private Owned owned;

    @BeforeEach
    void begin() throws IOException {
        owned = new Owned();
    }

    @AfterEach
    void end() throws Exception {
        owned.close();
    }

    private GuestSpec guest(Optional<String> ramFile) {
        return new GuestSpec(GuestImage.require(), 1, GuestSpec.RAM_KIB, LOAD, ramFile.map(name -> owned.memory()
                .resolve(name)));
    }

    private ManagedProcess startWithoutLockFix(GuestSpec guest, Seat seat) throws IOException {
        List<String> command = guest.primaryCommand(seat);
        return owned.own(ManagedProcess.start(
                "qemu", command.subList(PRELOAD_WORDS, command.size()), directory.resolve("qemu.log")));
    }

    @Test
    void outputIsOneSequenceOverTwoKillsOfAGuestThatColoWouldRefuse() throws Exception {
        Seat seat = Seat.in(Files.createDirectory(directory.resolve("g0")), Optional.empty(), Optional.empty());
        ManagedProcess qemu = startWithoutLockFix(guest(Optional.of("ram0")), seat);
        Await.until("the guest is ready", BOOT_MILLIS, () -> Consoles.isReady(seat, qemu));
        ProtectedGuest.Running running =
                new ProtectedGuest.Running(ProcessHandle.of(qemu.pid()).orElseThrow(), seat.qmp(), seat.counter());
        ByteArrayOutputStream released = new ByteArrayOutputStream();
        Seat last = seat;
        for (int kill = 1; kill <= 2; kill++) {
            ProtectedGuest now = owned.own(new ProtectedGuest(
                    guest(Optional.of("ram" + kill)),
                    directory.resolve("g" + kill),
                    owned.memory().resolve("image" + kill),
                    running,
                    // The first has no other choice; the standby has the lock fix.
                    kill == 1 ? SourceChoice.AUTO : SourceChoice.SHARED_MEMORY));
            now.awaitProtected();
            Await.pass(RUN_MILLIS);
            print(now.reports());
            FailoverReport report = now.killAndTakeOver(running.process());
            assertThat(report.hot()).isTrue();
            last = now.standby();
            Seat standby = last;
            Await.until(
                    "the restored guest goes on counting",
                    LIMIT_MILLIS,
                    () -> Files.size(standby.counter()) >= (long) LINES_AFTER_A_KILL * CounterSequence.LINE_BYTES);
            released.writeBytes(Arrays.copyOf(
                    Files.readAllBytes(running.counter()), now.sizes().at(report.epoch())));
            running = now.takenOver();
        }
        Seat seen = last;
        long already = Consoles.checks(seen, 0);
        Await.until("a full pass over the guest's pages", LIMIT_MILLIS, () -> Consoles.checks(seen, 0) > already);
        assertThat(Consoles.text(seen)).doesNotContain("CORRUPT");
        released.writeBytes(Files.readAllBytes(seen.counter()));
        assertThat(CounterSequence.fault(released.toByteArray())).isEmpty();
    }

    private static void print(List<EpochReport> reports) {
        System.out.printf(
                "shared memory, 128 MiB: %d epochs; p50 of dirty pages %d; of the pause %.1f ms: stop %.1f, compare %.1f,"
                        + " device state %.1f, resume %.1f%n",
                reports.size(),
                median(reports, report -> report.pages().dirtyPages()),
                median(reports, report -> report.pause().totalNanos()) / 1e6,
                median(reports, report -> report.pause().stopNanos()) / 1e6,
                median(reports, report -> report.pause().captureNanos()) / 1e6,
                median(reports, report -> report.pause().deviceStateNanos()) / 1e6,
                median(reports, report -> report.pause().resumeNanos()) / 1e6);
    }

    private static long median(List<EpochReport> reports, ToLongFunction<EpochReport> value) {
        long[] sorted = reports.stream().mapToLong(value).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    @Test
    void aGuestThatCanBeCapturedInNoWayIsRefusedWithWhatToDo() throws Exception {
        Seat seat = Seat.in(Files.createDirectory(directory.resolve("g0")), Optional.empty(), Optional.empty());
        startWithoutLockFix(guest(Optional.empty()), seat);
        Await.until("QEMU listens", BOOT_MILLIS, () -> Files.exists(Path.of(seat.qmp())));

        assertThatThrownBy(() -> LivePrimary.start(
                        directory.resolve("run"),
                        seat.qmp(),
                        "",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                        new CounterSizes(seat.counter())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("LD_PRELOAD")
                .hasMessageContaining("memory-backend-file")
                .hasMessageContaining("share=on");
    }
}
