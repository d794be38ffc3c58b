package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.OutputClaim;
import io.lull.worker.protocol.RamBlock;
import io.lull.worker.qemu.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A primary that comes back with other memory costs nothing that could be taken over before. */
@Timeout(60)
class NewLayoutTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    /** As many pages as before, cut in another way, so that a {@link TestVm} can write to them. */
    private static final Layout OTHER = new Layout(
            TestVm.LAYOUT.ramSectionId(),
            TestVm.LAYOUT.configuration(),
            List.of(
                    new RamBlock("pc.bios", 2 * TestVm.ROM_PAGES * 4096L),
                    new RamBlock("pc.ram", (TestVm.MAIN_PAGES - TestVm.ROM_PAGES) * 4096L),
                    new RamBlock(Layout.DEVICE_STATE_BLOCK, 1 << 20)));

    @TempDir
    Path directory;

    private final TestVm vm = new TestVm(SEED);
    private final TestVm changed = new TestVm(SEED + 1);
    private final List<FakeStandby> started = new CopyOnWriteArrayList<>();

    NewLayoutTest() {
        System.out.println("NewLayoutTest: -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        vm.close();
        changed.close();
    }

    @Test
    void untilItsFirstCommitThePrimaryIsTakenOverFromTheOldImage() throws Exception {
        try (BackupUnderTest host = host(BackupUnderTest.COLD)) {
            commitThree(host);
            byte[] committed = vm.snapshot();
            try (RawPrimary primary = session(host, 6, OTHER)) {
                List<Frame> first = changed.epoch(6);
                for (Frame frame : first.subList(0, first.size() - 1)) {
                    primary.send(frame);
                }
            }
            host.awaitVerdict();
            assertThat(host.backup.takeOver("test").epoch()).isEqualTo(3);
            assertThat(started.get(0).image.ram()).isEqualTo(Arrays.copyOf(committed, TestVm.RAM_PAGES * 4096));
        }
    }

    @Test
    void fromItsFirstCommitOnNothingIsLeftOfTheOldImageAndItsStandby() throws Exception {
        try (BackupUnderTest host = host(BackupUnderTest.HOT)) {
            commitThree(host);
            host.awaitStandby(HotStandby.State.READY);
            try (RawPrimary primary = session(host, 6, OTHER)) {
                assertThat(started.get(0).isAlive()).isTrue();
                epochs(host, changed, primary, 6, 7);
                Await.until("another standby is started", () -> started.size() > 1);
                assertThat(started.get(0).isAlive()).isFalse();
                assertThat(host.imageFile()).isEqualTo(changed.snapshot());
                assertThat(host.backup.status().committedEpoch()).hasValue(7);
            }
        }
    }

    @Test
    void aPrimaryThatComesBackWithTheOldLayoutFindsTheOldImage() throws Exception {
        try (BackupUnderTest host = host(BackupUnderTest.COLD)) {
            commitThree(host);
            session(host, 4, OTHER).close();
            host.awaitVerdict();
            try (RawPrimary primary = session(host, 4, TestVm.LAYOUT)) {
                epochs(host, vm, primary, 4, 5);
            }
            host.awaitVerdict();
            assertThat(host.backup.takeOver("test").epoch()).isEqualTo(5);
            assertThat(started.get(0).image.ram()).isEqualTo(Arrays.copyOf(vm.snapshot(), TestVm.RAM_PAGES * 4096));
        }
    }

    private void commitThree(BackupUnderTest host) throws Exception {
        try (RawPrimary primary = session(host, 1, TestVm.LAYOUT)) {
            epochs(host, vm, primary, 1, 3);
        }
        host.awaitVerdict();
    }

    private BackupUnderTest host(StandbyOptions options) throws IOException {
        StandbyLauncher launcher = () -> {
            FakeStandby standby = new FakeStandby(false);
            started.add(standby);
            return standby;
        };
        return new BackupUnderTest(directory, FailoverMode.MANUAL, Optional.of(launcher), options);
    }

    /** Of a primary that has held its output since epoch 3. */
    private static RawPrimary session(BackupUnderTest host, long firstEpoch, Layout layout) throws IOException {
        RawPrimary primary = new RawPrimary(host.backup.address());
        OutputClaim held = new OutputClaim(TestVm.WORKER, OptionalLong.of(3));
        primary.send(TestVm.hello(firstEpoch, OnBackupLoss.HOLD_OUTPUT, held).frame());
        primary.await(FrameType.WELCOME);
        primary.send(layout.frame());
        primary.await(FrameType.HASHES);
        return primary;
    }

    private static void epochs(BackupUnderTest host, TestVm of, RawPrimary primary, long first, long last)
            throws Exception {
        for (long epoch = first; epoch <= last; epoch++) {
            for (Frame frame : of.epoch(epoch)) {
                primary.send(frame);
            }
            BackupUnderTest.Commit commit = host.awaitCommit();
            assertThat(commit.epoch()).isEqualTo(epoch);
            assertThat(commit.image()).isEqualTo(of.snapshot());
        }
    }
}
