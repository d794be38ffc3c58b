package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.VmId;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.OnBackupLoss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a backup must not go on with, and must not throw away either. */
@Timeout(180)
class RefusedStoreTest extends KeptStoreLives {
    @Test
    void anEpochThatCanNotBeRedoneForItsDiskKeepsTheBackupFromStarting() throws Exception {
        try (KeptLife life = life()) {
            begin(life, 1);
            commit(life, 1, 1);
            EpochLog complete = life.received(whole(2));
            life.promise(complete);
            Path left = life.leftWhenKilledNow(directory.resolve("full"));
            KeptPlace place = new KeptPlace(left, TestVm.ID, Optional.of(closed(left.resolve("disk.raw"))));
            assertThatThrownBy(() -> KeptStore.open(
                            place, Resumption.Note.NONE, new SlabPool(1, new SlabStock(1)), life.workers))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(UnreadableException.class)
                    .hasMessageContainingAll("restart this backup", "what it has acknowledged is lost");
            try (KeptLife again = new KeptLife(left)) {
                assertStandsAt(again, 2, "there is room");
            }
        }
    }

    @Test
    void anEpochThatCanNotBeRedoneForABugOrForMemoryKeepsTheBackupFromStarting() throws Exception {
        try (KeptLife life = life()) {
            begin(life, 1);
            commit(life, 1, 1);
            EpochLog complete = life.received(epoch(2));
            life.promise(complete);
            Path left = life.leftWhenKilledNow(directory.resolve("bug"));
            PageWorkers closed = new PageWorkers(1, "closed");
            closed.close();
            KeptPlace place =
                    new KeptPlace(left, TestVm.ID, Optional.of(new DiskImage(left.resolve("disk.raw"), false)));
            assertThatThrownBy(() -> open(place, Resumption.Note.NONE, closed))
                    .isInstanceOf(IllegalStateException.class);
            place.disk().orElseThrow().close();
            try (KeptLife again = new KeptLife(left)) {
                assertStandsAt(again, 2, "the bug is mended");
            }
        }
    }

    @Test
    void whatAnotherVmLeftStays() throws Exception {
        try (KeptLife life = life()) {
            begin(life, 1);
            commit(life, 1, 2);
            Path left = life.leftWhenKilledNow(directory.resolve("others"));
            assertThatThrownBy(() -> open(
                            new KeptPlace(left, new VmId("another"), Optional.empty()),
                            Resumption.Note.NONE,
                            life.workers))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("it is VM vm-1's")
                    .hasMessageContaining("remove");
            try (KeptLife again = new KeptLife(left)) {
                assertStandsAt(again, 2, "its own backup");
            }
        }
    }

    @Test
    void anEpochIsNotRedoneIntoAnotherDiskOrAnOlderCopyButIntoAGoodCopy() throws Exception {
        try (KeptLife life = life()) {
            begin(life, 1);
            commit(life, 1, 3);
            byte[] older = life.disk();
            EpochLog fourth = life.received(vm.epochWithLastEighth(4));
            life.promise(fourth);
            life.committer.commit(fourth);
            byte[] other = new byte[TestVm.DISK_BYTES];
            random.nextBytes(other);
            EpochLog complete = life.received(epoch(5));
            life.promise(complete);
            byte[] right = life.disk();
            for (byte[] wrong : List.of(other, older, new byte[TestVm.DISK_BYTES])) {
                Path left = life.leftWhenKilledNow(directory.resolve("exchanged-" + deaths++));
                exchange(left.resolve("disk.raw"), wrong);
                assertThatThrownBy(() -> new KeptLife(left))
                        .hasMessageContaining("the disk's copy is another")
                        .hasMessageContaining("give it back");
                assertThat(left.resolve("disk.raw")).hasBinaryContent(wrong);
                exchange(left.resolve("disk.raw"), right);
                try (KeptLife again = new KeptLife(left)) {
                    assertStandsAt(again, 5, "the right disk is back, as a copy");
                }
            }
        }
    }

    /** By another file, written now. */
    private static void exchange(Path disk, byte[] by) throws IOException {
        Path file = disk.resolveSibling("another.raw");
        Files.write(file, by);
        Files.move(file, disk, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void aTakeoverThatWasCutOffBeforeTheVmRanLeavesTheImageForWhenItsNoteIsGone() throws Exception {
        try (KeptLife life = life()) {
            begin(life, 1);
            commit(life, 1, 2);
            Path left = life.leftWhenKilledNow(directory.resolve("cut"));
            KeptPlace place =
                    new KeptPlace(left, TestVm.ID, Optional.of(new DiskImage(left.resolve("disk.raw"), false)));
            try (KeptStore noted = open(place, Resumption.Note.STANDS, life.workers)) {
                assertThat(noted.resumed()).isEmpty();
                noted.forget();
            }
            place.disk().orElseThrow().close();
            try (KeptLife again = new KeptLife(left)) {
                assertStandsAt(again, 2, "the note is gone");
            }
        }
    }

    @Test
    void aPrimaryThatGoesOnWithoutItsBackupHasDoneSoWhenTheBackupWasAway() throws Exception {
        for (OnBackupLoss does : OnBackupLoss.values()) {
            try (KeptLife life = new KeptLife(Files.createDirectories(directory.resolve("was-" + does)))) {
                life.greet(TestVm.hello(1, does));
                life.layout(TestVm.LAYOUT);
                EpochLog complete = life.received(vm.whole(1));
                life.promise(complete);
                life.committer.commit(complete);
                assertThat(life.committer.basis().unfit()).isEmpty();
                try (KeptLife again = new KeptLife(life.leftWhenKilledNow(directory.resolve("after-" + does)))) {
                    boolean goesOn = does == OnBackupLoss.GO_ON_UNPROTECTED;
                    assertThat(again.committer.basis().unfit().isPresent())
                            .as(does.name())
                            .isEqualTo(goesOn);
                    assertThat(again.committer.committedEpoch()).hasValue(1);
                }
            }
        }
    }

    @Test
    void aTornImageHearsOfNobodyBeforeItIsRedone() throws Exception {
        try (KeptLife life = life()) {
            begin(life, 1);
            commit(life, 1, 1);
            life.disk.close();
            EpochLog complete = life.received(epoch(2));
            life.promise(complete);
            life.committer.commit(complete);
            assertThat(life.committer.broken()).isPresent();

            assertThatThrownBy(() -> life.greet(TestVm.hello(3, OnBackupLoss.HOLD_OUTPUT)))
                    .hasMessageContaining("cannot be applied");
            assertThatThrownBy(() -> life.layout(TestVm.LAYOUT)).hasMessageContaining("cannot be applied");
            assertResumesAt(life, 2, "it was redone");
        }
    }

    private static KeptStore open(KeptPlace place, Resumption.Note note, PageWorkers workers) throws IOException {
        return KeptStore.open(place, note, new SlabPool(1, new SlabStock(1)), workers);
    }

    private static DiskImage closed(Path file) throws IOException {
        DiskImage disk = new DiskImage(file, false);
        disk.close();
        return disk;
    }
}
