package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.RamBlock;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A backup that dies at any step stands at its last promised epoch when it is started again. */
@Timeout(180)
class KeptStoreTest extends KeptStoreLives {
    private static final int EPOCHS = 6;
    /** As many pages as before, cut in another way. */
    private static final Layout OTHER = new Layout(
            TestVm.LAYOUT.ramSectionId(),
            TestVm.LAYOUT.configuration(),
            List.of(
                    new RamBlock("pc.bios", 2 * TestVm.ROM_PAGES * 4096L),
                    new RamBlock("pc.ram", (TestVm.MAIN_PAGES - TestVm.ROM_PAGES) * 4096L),
                    new RamBlock(Layout.DEVICE_STATE_BLOCK, 1 << 20)));

    @Test
    void itStandsAtTheLastPromisedEpochWhereverItDies() throws Exception {
        try (KeptLife life = life()) {
            begin(life, 1);
            assertResumesAt(life, 0, "nothing was committed");
            for (long number = 1; number <= EPOCHS; number++) {
                dieInEachStep(life, number);
            }
        }
        assertThat(deaths).isGreaterThan(5 * EPOCHS);
    }

    private void dieInEachStep(KeptLife life, long number) throws Exception {
        EpochLog complete = life.received(epoch(number));
        assertResumesAt(life, number - 1, "all of epoch " + number + " is here, and nobody knows");
        life.promise(complete);
        assertResumesAt(life, number, "epoch " + number + " was promised");
        int[] pages = {0};
        int first = random.nextInt(10);
        life.applyInSteps(complete, () -> {
            if (pages[0]++ % 37 == first) {
                resumesAt(life, number, "epoch " + number + " after page " + pages[0]);
            }
        });
        assertResumesAt(life, number, "all of epoch " + number + " is in the image, and nothing says so");
        life.committer.commit(complete);
        assertResumesAt(life, number, "epoch " + number + " was committed");
    }

    private void resumesAt(KeptLife life, long number, String when) {
        try {
            assertResumesAt(life, number, when);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void someOfTheDisksRecordsAreTheSameAsNone() throws Exception {
        try (KeptLife life = life()) {
            begin(life, 1);
            commit(life, 1, 2);
            EpochLog complete = life.received(epoch(3));
            life.promise(complete);
            complete.forEach((type, body) -> {
                if (type == FrameType.DISK_WRITE) {
                    DiskWrite whole = DiskWrite.decode(body);
                    ByteBuffer part = whole.data().slice();
                    part.limit(1 + random.nextInt(part.limit()));
                    life.disk.write(new DiskWrite(whole.offsetBytes(), part));
                    resumesAt(life, 3, "died in a disk write");
                }
            });
            resumesAt(life, 3, "died after the disk's records");
        }
    }

    @Test
    void manyPromisesAreRedoneInTheirOrderAndOpenEpochsAreDropped() throws Exception {
        try (KeptLife life = life()) {
            begin(life, 1);
            commit(life, 1, 1);
            Deque<EpochLog> waiting = new ArrayDeque<>();
            for (long number = 2; number < 2 + ApplyLoop.MAX_UNAPPLIED_EPOCHS; number++) {
                EpochLog complete = life.received(epoch(number));
                life.promise(complete);
                waiting.add(complete);
                assertResumesAt(life, number, waiting.size() + " epochs wait");
            }
            long last = 1 + ApplyLoop.MAX_UNAPPLIED_EPOCHS;
            EpochLog open = life.received(epoch(99));
            while (!waiting.isEmpty()) {
                life.committer.commit(waiting.remove());
                assertResumesAt(life, last, waiting.size() + " epochs still wait");
            }
            open.close();
        }
    }

    @Test
    void anyNumberOfPromisesThatRestIsRedoneAndCostsNoDescriptors() throws Exception {
        int many = 200;
        try (KeptLife life = life()) {
            begin(life, 1);
            Deque<EpochLog> waiting = new ArrayDeque<>();
            long before = openFiles();
            for (long number = 1; number <= many; number++) {
                EpochLog complete = life.received(number == 1 ? whole(1) : epoch(number));
                life.promise(complete);
                if (number > 1) {
                    complete.rest();
                }
                waiting.add(complete);
            }
            assertThat(openFiles() - before).isLessThan(many / 4);
            assertResumesAt(life, many, "all wait");
            while (waiting.size() > many / 2) {
                life.committer.commit(waiting.remove());
            }
            assertResumesAt(life, many, "half of them wait");
            while (!waiting.isEmpty()) {
                life.committer.commit(waiting.remove());
            }
            assertThat(life.committer.broken()).isEmpty();
            assertStandsAt(life, many, "all are applied");
            try (var all = Files.list(life.directory)) {
                assertThat(all.filter(RedoSlots::isSlot)).hasSizeLessThan(4);
            }
        }
    }

    private static long openFiles() throws IOException {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    @Test
    void anotherImageIsNotMadeBesideTheOldOneWhereItsFirstEpochWouldHaveNoRoom() throws Exception {
        Path own = Files.createDirectories(directory.resolve("own"));
        // What is free may grow while this runs, and never beyond all that there is.
        long diskBytes = Files.getFileStore(own).getTotalSpace();
        try (RandomAccessFile disk =
                new RandomAccessFile(own.resolve("disk.raw").toFile(), "rw")) {
            disk.setLength(diskBytes);
        }
        try (KeptLife life = life()) {
            begin(life, 1);
            commit(life, 1, 2);
            assertThat(life.kept.slots().isRoomLeft())
                    .as("for more epochs than must wait, beside the disk")
                    .isFalse();
            life.greet(TestVm.hello(7, OnBackupLoss.HOLD_OUTPUT));
            life.layout(OTHER);
            assertThat(life.committer.committedEpoch())
                    .as("the old image is dropped")
                    .isEmpty();
            assertThat(own.resolve("image.next.ram")).doesNotExist();
        }
    }

    @Test
    void roomIsReckonedWithoutOverflow() {
        assertThat(CommittedImage.hasRoom(100, 60, 40)).isTrue();
        assertThat(CommittedImage.hasRoom(100, 60, 41)).isFalse();
        assertThat(CommittedImage.hasRoom(50, 60, 0)).isFalse();
        assertThat(CommittedImage.hasRoom(100, 60, Long.MAX_VALUE)).isFalse();
    }

    @Test
    void aPromiseThatIsTakenBackLeavesNoGap() throws Exception {
        try (KeptLife life = life()) {
            begin(life, 1);
            commit(life, 1, 2);
            EpochLog withdrawn = life.received(vm.epoch(3));
            life.promise(withdrawn);
            life.kept.slots().withdraw(withdrawn);
            assertResumesAt(life, 2, "a promise was taken back");
            EpochLog next = life.received(whole(4));
            life.promise(next);
            assertResumesAt(life, 4, "another was given");
            life.committer.commit(next);
        }
    }

    @Test
    void anotherLayoutsImageCountsFromItsFirstPromiseOn() throws Exception {
        try (KeptLife life = life()) {
            begin(life, 1);
            commit(life, 1, 2);
            life.layout(OTHER);
            assertResumesAt(life, 2, "there is another image, without a commit");
            EpochLog first = life.received(whole(3));
            assertResumesAt(life, 2, "its first epoch is here");
            life.promise(first);
            assertResumesAt(life, 3, "its first epoch is promised");
            life.committer.commit(first);
            assertThat(life.committer.broken()).isEmpty();
            assertResumesAt(life, 3, "its first epoch is committed");
            assertThat(life.directory.resolve("image.next.ram")).doesNotExist();
            commit(life, 4, 4);
            assertResumesAt(life, 4, "and its second");
        }
    }

    @Test
    void anAcknowledgedEpochThatCanNotBeAppliedIsRedoneOnceThereIsRoom() throws Exception {
        KeptLife life = life();
        begin(life, 1);
        commit(life, 1, 2);
        List<Frame> third = epoch(3);
        EpochLog complete = life.received(third);
        life.promise(complete);
        life.disk.close();
        life.committer.commit(complete);
        assertThat(life.committer.broken()).isPresent();
        life.committer.close();
        life.kept.close();
        try (KeptLife again = life()) {
            assertStandsAt(again, 3, "there is room again");
        }
    }

    @Test
    void aBrokenBackupLetsGoOfItsMemoryAndKeepsWhatItPromised() throws Exception {
        try (KeptLife life = life()) {
            begin(life, 1);
            commit(life, 1, 1);
            List<EpochLog> promised = List.of(life.received(epoch(2)), life.received(epoch(3)));
            promised.forEach(life::promise);
            EpochLog open = life.received(vm.epoch(4));
            assertThat(mapped()).contains("redo-0.slot", "redo-1.slot", "image.ram");
            life.disk.close();
            promised.forEach(life.committer::commit);
            open.close();
            assertThat(life.committer.broken()).isPresent();
            assertThat(life.committer.committedEpoch()).hasValue(1);
            assertThat(mapped()).containsExactly(CommitStateFile.NAME);
            assertThatThrownBy(() -> life.kept.slots().take()).hasMessageContaining("cannot be applied");
            assertResumesAt(life, 3, "another process has room");
        }
    }

    /** Names of the files of the first life that this process has mapped. */
    private Set<String> mapped() throws IOException {
        String own = directory.resolve("own") + "/";
        Set<String> names = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            int at = line.indexOf(own);
            if (at >= 0) {
                names.add(line.substring(at + own.length()));
            }
        }
        return names;
    }

    @Test
    void whatWasForgottenIsNotTakenUp() throws Exception {
        try (KeptLife life = life()) {
            begin(life, 1);
            commit(life, 1, 2);
            life.kept.forget();
            assertResumesAt(life, 0, "the VM went its own way");
        }
    }
}
