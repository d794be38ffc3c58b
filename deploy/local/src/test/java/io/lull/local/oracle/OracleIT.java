package io.lull.local.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.local.Await;
import io.lull.local.GuestSpec;
import io.lull.local.GuestSpec.Seat;
import io.lull.local.ManagedProcess;
import io.lull.policy.VmId;
import io.lull.policy.signal.EpochReport;
import io.lull.worker.backup.Backup;
import io.lull.worker.backup.BackupOptions;
import io.lull.worker.backup.BackupParts;
import io.lull.worker.backup.FailoverMode;
import io.lull.worker.backup.StandbyOptions;
import io.lull.worker.primary.CaptureTap;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The backup holds, after each commit, exactly the memory and the disk that the paused guest had. */
@Tag("guest")
@Timeout(600)
class OracleIT {
    private static final String WRITE_HEAVY = "g.run=integrity g.integrity=8:2:8000 g.data=/dev/vda g.diskw=50";
    private static final int EPOCHS = Integer.getInteger("lull.oracle.epochs", 1_000);
    /** Far enough behind the initial copy that memory and disk change at their usual rate. */
    private static final int SPOILED_EPOCH = 30;

    private static final int EPOCHS_OF_A_CONTROL = 45;
    private static final long BOOT_MILLIS = 120_000;
    private static final long RUN_MILLIS = 400_000;
    private static final BackupOptions.Timing TIMING =
            new BackupOptions.Timing(5_000_000_000L, 100_000_000L, 20_000_000_000L);

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

    /** One guest under protection, with the oracle between. */
    private record Rig(CommitOracle oracle, LivePrimary primary, CaptureTap tap) {}

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void everyCommitEqualsThePausedGuestPageByPageAndItsDiskByteByByte(int vcpus) throws Exception {
        Rig rig = run(vcpus, EPOCHS, oracle -> oracle);

        Tally found = rig.oracle().tally();
        print(vcpus + " vCPU", found, rig);
        assertThat(found.epochs()).isGreaterThanOrEqualTo(EPOCHS);
        assertThat(found.pages().different())
                .as("stale pages, epochs %s", found.epochsWithStalePages())
                .isZero();
        assertThat(found.blocks().different())
                .as("differing blocks, epochs %s", found.epochsWithDifferingBlocks())
                .isZero();
        assertThat(median(rig, report -> report.pages().dirtyPages())).isGreaterThan(50);
        assertThat(rig.primary().reports().stream()
                        .mapToLong(report -> report.bytes().diskBytes())
                        .sum())
                .isGreaterThan(EPOCHS * 512L);
    }

    @Test
    void flagsOnePageThatIsLeftOutOfOneEpoch() throws Exception {
        Rig rig = run(1, EPOCHS_OF_A_CONTROL, oracle -> new LeavesOutOnePage(oracle, SPOILED_EPOCH));

        Tally found = rig.oracle().tally();
        print("control, one page left out", found, rig);
        assertThat(((LeavesOutOnePage) rig.tap()).done()).isTrue();
        assertThat(found.epochsWithStalePages()).isNotEmpty().first().isEqualTo((long) SPOILED_EPOCH);
        assertThat(found.blocks().different()).isZero();
    }

    @Test
    void flagsOneDiskWriteThatIsLeftOutOfOneEpoch() throws Exception {
        Rig rig = run(1, EPOCHS_OF_A_CONTROL, oracle -> new LeavesOutOneWrite(oracle, SPOILED_EPOCH));

        Tally found = rig.oracle().tally();
        print("control, one disk write left out", found, rig);
        long spoiled = ((LeavesOutOneWrite) rig.tap()).spoiled().orElseThrow();
        assertThat(found.epochsWithDifferingBlocks()).isNotEmpty().first().isEqualTo(spoiled);
        assertThat(found.pages().different()).isZero();
    }

    private Rig run(int vcpus, int epochs, Function<CommitOracle, CaptureTap> taps) throws Exception {
        Path images = GuestImage.require();
        Path ram = owned.memory().resolve("ram");
        Path guestDisk = Files.copy(images.resolve("data.ext4"), directory.resolve("guest.raw"));
        Path backupDisk = Files.createFile(directory.resolve("backup.raw"));
        Files.write(backupDisk, new byte[Math.toIntExact(Files.size(guestDisk))]);
        GuestSpec guest = new GuestSpec(images, vcpus, GuestSpec.RAM_KIB, WRITE_HEAVY, Optional.of(ram));
        Seat seat = Seat.in(directory, Optional.of(guestDisk), Optional.empty());
        ManagedProcess qemu =
                owned.own(ManagedProcess.start("qemu", guest.primaryCommand(seat), directory.resolve("qemu.log")));
        Await.until("the guest is ready", BOOT_MILLIS, () -> Consoles.isReady(seat, qemu));
        CommitOracle oracle = owned.own(new CommitOracle(ram, guestDisk, backupDisk));
        Backup backup = owned.own(Backup.start(
                new BackupOptions(
                        new VmId(LivePrimary.VM),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        BackupOptions.Store.defaults(owned.memory(), Optional.of(backupDisk)),
                        FailoverMode.MANUAL,
                        TIMING),
                new BackupParts(
                        Wiring.UNSAFE_PLAINTEXT, Optional.empty(), StandbyOptions.DEFAULT, Optional.empty(), oracle),
                System::nanoTime));
        CaptureTap tap = taps.apply(oracle);
        LivePrimary primary =
                owned.own(LivePrimary.start(directory.resolve("run"), seat.qmp(), "disk0", backup.address(), tap));
        Await.until(epochs + " epochs are compared", RUN_MILLIS, () -> {
            boolean isProtected = primary.isProtected();
            return isProtected && oracle.tally().epochs() >= epochs;
        });
        primary.close();
        assertThat(Consoles.text(seat)).doesNotContain("CORRUPT");
        return new Rig(oracle, primary, tap);
    }

    private static long median(Rig rig, ToLongFunction<EpochReport> value) {
        return percentile(rig, value, 50);
    }

    private static long percentile(Rig rig, ToLongFunction<EpochReport> value, int percent) {
        List<Long> sorted = rig.primary().reports().stream()
                .map(value::applyAsLong)
                .sorted()
                .toList();
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    private static void print(String what, Tally found, Rig rig) {
        ToLongFunction<EpochReport> pause =
                report -> report.pause().totalNanos() - rig.oracle().spentNanos(report.epoch());
        System.out.printf(
                "Oracle, %s: %d epochs; %d pages compared, %d stale in epochs %s; %d blocks compared, %d differing in"
                        + " epochs %s; dirty pages p50 %d; pause without the oracle's p50 %.1f ms, p99 %.1f ms%n",
                what,
                found.epochs(),
                found.pages().count(),
                found.pages().different(),
                found.epochsWithStalePages(),
                found.blocks().count(),
                found.blocks().different(),
                found.epochsWithDifferingBlocks(),
                median(rig, report -> report.pages().dirtyPages()),
                median(rig, pause) / 1e6,
                percentile(rig, pause, 99) / 1e6);
    }
}
