package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.page.PageHashTable;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageRange;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.Bye;
import io.lull.worker.protocol.Digest;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.OutputClaim;
import io.lull.worker.protocol.Verified;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An image that verification found to be another than the primary's memory is not run before a later session has set it right. */
@Timeout(60)
class WrongImageTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final String WRONG = "not what the primary's memory was";

    @TempDir
    Path directory;

    private final TestVm vm = new TestVm(SEED);

    WrongImageTest() {
        System.out.println("WrongImageTest: -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    @Test
    void itIsNotRunWhateverThePrimaryClaimsUntilALaterSessionComesToACommit() throws Exception {
        try (BackupUnderTest host = host()) {
            try (RawPrimary primary = foundWrong(host)) {
                primary.send(Bye.saying("verification failed").frame());
                assertThat(host.awaitVerdict().takeOver()).isFalse();
            }
            for (int tries = 0; tries < 3; tries++) {
                session(host, 4).close();
                assertNotRun(host);
            }
            try (RawPrimary primary = session(host, 4)) {
                commit(host, primary, vm.whole(4));
                assertThat(host.backup.status().unfit()).isEmpty();
            }
            assertTakenOver(host, 4);
        }
    }

    @Test
    void itIsNotRunWhenTheConnectionEndsBeforeThePrimarySaysAnythingNorAfterAnotherCommitOfThatSession()
            throws Exception {
        try (BackupUnderTest host = host()) {
            foundWrong(host).close();
            assertNotRun(host);
        }
        try (BackupUnderTest host = host()) {
            try (RawPrimary primary = session(host, 5)) {
                commit(host, primary, vm.whole(5));
                flipBit();
                assertThat(verify(primary, 5)).isEqualTo(Verified.Result.DIFFERENT);
                commit(host, primary, vm.epoch(6));
            }
            assertNotRun(host);
        }
    }

    @Test
    void thatIsNotForgottenByARestart() throws Exception {
        try (BackupUnderTest host = host();
                RawPrimary primary = foundWrong(host)) {
            primary.send(Bye.saying("verification failed").frame());
            host.awaitVerdict();
        }
        try (BackupUnderTest again = host()) {
            assertThat(again.backup.status().unfit().orElseThrow()).contains(WRONG);
            session(again, 4).close();
            assertNotRun(again);
        }
        try (BackupUnderTest again = host()) {
            try (RawPrimary primary = session(again, 4)) {
                commit(again, primary, vm.whole(4));
            }
            assertTakenOver(again, 4);
        }
    }

    @Test
    void oneThatIsFoundWrongWhenItsTakeoverIsDecidedStaysABackupAndServesItsPrimary() throws Exception {
        CountDownLatch decided = new CountDownLatch(1);
        try (BackupUnderTest host = host()) {
            try (RawPrimary primary = session(host, 1)) {
                commit(host, primary, vm.epoch(1));
                host.onCommit = epoch -> awaitDecision(decided);
                host.onFailover = state -> decided.countDown();
                primary.send(vm.epoch(2));
                primary.send(new Digest(List.of(new Digest.Range(0, 1, 1, 1))).frame(2));
                primary.send(vm.epoch(3));
                while (primary.await(FrameType.ACK).header().epoch() < 3) {
                    // Until the digest before it waits for the image.
                }
                assertThatThrownBy(() -> host.backup.takeOver("an operator's wish"))
                        .hasMessageContaining("stays a backup")
                        .hasMessageContaining(WRONG);
                assertThat(host.failoverStates).containsExactly(Failover.State.DECIDED, Failover.State.STANDBY);
                host.awaitCommit();
                host.awaitCommit();
            }
            try (RawPrimary primary = session(host, 4)) {
                commit(host, primary, vm.whole(4));
            }
            assertTakenOver(host, 4);
        }
    }

    private static void awaitDecision(CountDownLatch decided) {
        try {
            assertThat(decided.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertNotRun(BackupUnderTest host) throws Exception {
        FailoverRule.Verdict verdict = host.awaitVerdict();
        assertThat(verdict.takeOver()).isFalse();
        assertThat(verdict.reason()).contains(WRONG);
        assertThatThrownBy(() -> host.backup.takeOver("an operator's wish")).hasMessageContaining(WRONG);
    }

    private void assertTakenOver(BackupUnderTest host, long epoch) throws Exception {
        assertThat(host.backup.takenOver().get(20, TimeUnit.SECONDS).epoch()).isEqualTo(epoch);
        assertThat(host.imageFile()).isEqualTo(vm.snapshot());
    }

    /** A session that committed epochs 1 to 3, and then heard that the image is another. */
    private RawPrimary foundWrong(BackupUnderTest host) throws Exception {
        RawPrimary primary = session(host, 1);
        for (long epoch = 1; epoch <= 3; epoch++) {
            commit(host, primary, vm.epoch(epoch));
        }
        assertThat(verify(primary, 3)).isEqualTo(Verified.Result.SAME);
        assertThat(host.backup.status().unfit()).isEmpty();
        flipBit();
        assertThat(verify(primary, 3)).isEqualTo(Verified.Result.DIFFERENT);
        return primary;
    }

    private static Verified.Result verify(RawPrimary primary, Frame digest) throws IOException {
        primary.send(digest);
        return Verified.decode(primary.await(FrameType.VERIFIED).payload()).result();
    }

    private Verified.Result verify(RawPrimary primary, long epoch) throws IOException {
        PageRange ram = new PageRange(0, TestVm.RAM_PAGES);
        try (PageHashTable mine = new PageHashTable(TestVm.PAGES, 42);
                PageWorkers workers = new PageWorkers(1, "test-digest")) {
            mine.markAll();
            mine.refresh(vm.memory, ram, workers);
            var right = mine.digest(ram);
            return verify(
                    primary,
                    new Digest(List.of(new Digest.Range(0, ram.count(), right.high(), right.low()))).frame(epoch));
        }
    }

    private void flipBit() throws IOException {
        int page = vm.random.nextInt(TestVm.RAM_PAGES);
        int at = vm.random.nextInt(PageMemory.PAGE_BYTES);
        try (PageMemory image = PageMemory.openFile(directory.resolve("image.ram"), TestVm.PAGES)) {
            image.view(page).put(at, (byte) (image.view(page).get(at) ^ 1 << vm.random.nextInt(8)));
        }
    }

    private BackupUnderTest host() throws IOException {
        return new BackupUnderTest(
                directory, FailoverMode.AUTO, Optional.of(() -> new FakeStandby(false)), BackupUnderTest.COLD);
    }

    /** Of a primary that has held all of its output. */
    private static RawPrimary session(BackupUnderTest host, long firstEpoch) throws IOException {
        OutputClaim held = new OutputClaim(TestVm.WORKER, OptionalLong.of(0));
        RawPrimary primary = new RawPrimary(host.backup.address());
        primary.send(TestVm.hello(firstEpoch, OnBackupLoss.HOLD_OUTPUT, held).frame());
        primary.await(FrameType.WELCOME);
        primary.send(TestVm.LAYOUT.frame());
        primary.await(FrameType.HASHES);
        return primary;
    }

    private static void commit(BackupUnderTest host, RawPrimary primary, List<Frame> frames) throws Exception {
        for (Frame frame : frames) {
            primary.send(frame);
        }
        assertThat(host.awaitCommit().epoch()).isEqualTo(frames.get(0).header().epoch());
    }
}
