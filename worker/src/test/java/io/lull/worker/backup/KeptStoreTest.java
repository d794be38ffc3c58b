package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.VmId;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.RamBlock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup that dies at any step stands at its last promised epoch when it is started again. */
@Timeout(180)
class KeptStoreTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final int EPOCHS = 6;
    /** As many pages as before, cut in another way. */
    private static final Layout OTHER = new Layout(
            TestVm.LAYOUT.ramSectionId(),
            TestVm.LAYOUT.configuration(),
            List.of(
                    new RamBlock("pc.bios", 2 * TestVm.ROM_PAGES * 4096L),
                    new RamBlock("pc.ram", (TestVm.MAIN_PAGES - TestVm.ROM_PAGES) * 4096L),
                    new RamBlock(Layout.DEVICE_STATE_BLOCK, 1 << 20)));

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final TestVm vm = new TestVm(SEED);
    private final Map<Long, byte[]> images = new HashMap<>();
    private final Map<Long, byte[]> disks = new HashMap<>();
    private int deaths;

    KeptStoreTest() {
        System.out.println("KeptStoreTest: -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    private KeptLife life() throws IOException {
        return new KeptLife(Files.createDirectories(directory.resolve("own")));
    }

    private static void begin(KeptLife life, long firstEpoch) throws IOException {
        life.greet(TestVm.hello(firstEpoch, OnBackupLoss.HOLD_OUTPUT));
        life.layout(TestVm.LAYOUT);
    }

    private List<Frame> epoch(long number) {
        List<Frame> frames = vm.epoch(number);
        images.put(number, vm.snapshot());
        disks.put(number, vm.disk.clone());
        return frames;
    }

    private void commit(KeptLife life, long first, long last) throws Exception {
        for (long number = first; number <= last; number++) {
            EpochLog complete = life.received(epoch(number));
            life.promise(complete);
            life.committer.commit(complete);
        }
        assertThat(life.committer.broken()).isEmpty();
    }

    private void assertStandsAt(KeptLife again, long number, String when) throws IOException {
        assertThat(again.committer.committedEpoch()).as(when).isEqualTo(OptionalLong.of(number));
        assertThat(again.image()).as(when).isEqualTo(images.get(number));
        assertThat(again.disk()).as(when).isEqualTo(disks.get(number));
        assertThat(again.committer.basis().unfit()).as(when).isEmpty();
        assertThat(again.committer.sessions()).as(when).containsExactly(new UUID(1, 1));
    }

    /** Dies now, and is started again twice. */
    private void assertResumesAt(KeptLife life, long number, String when) throws IOException {
        Path left = life.leftWhenKilledNow(directory.resolve("death-" + deaths++));
        for (String time : List.of("", ", and once more")) {
            try (KeptLife again = new KeptLife(left)) {
                if (number == 0) {
                    assertThat(again.committer.committedEpoch()).as(when).isEmpty();
                } else {
                    assertStandsAt(again, number, when + time);
                }
            }
        }
    }

    private void assertAbsent(Path left, String when) throws Exception {
        try (KeptLife again = new KeptLife(left)) {
            assertThat(again.committer.committedEpoch()).as(when).isEmpty();
            assertThat(again.committer.image()).as(when).isEmpty();
            begin(again, 50);
            EpochLog first = again.received(vm.whole(50));
            again.promise(first);
            again.committer.commit(first);
            assertThat(again.image()).as(when + ": it starts from nothing").isEqualTo(vm.snapshot());
        }
    }

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

    private List<Frame> whole(long number) {
        List<Frame> frames = vm.whole(number);
        images.put(number, vm.snapshot());
        disks.put(number, vm.disk.clone());
        return frames;
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
    void whatWasForgottenIsNotTakenUp() throws Exception {
        try (KeptLife life = life()) {
            begin(life, 1);
            commit(life, 1, 2);
            life.committer.forget();
            assertResumesAt(life, 0, "the VM went its own way");
        }
    }

    @Test
    void damageMakesAllOfItWorthless() throws Exception {
        try (KeptLife life = life()) {
            begin(life, 1);
            commit(life, 1, 2);
            EpochLog complete = life.received(epoch(3));
            life.promise(complete);
            long used = complete.promised().logBytes();
            for (int i = 0; i < 30; i++) {
                Path left = life.leftWhenKilledNow(directory.resolve("damaged-" + i));
                Path slot = sealed(left);
                // Between the seal and the first record nothing is kept.
                long at = i < 5 ? 8 + random.nextInt(100) : 4096 + random.nextLong(used - 4096);
                if (flip(slot, at)) {
                    assertAbsentOrWhole(left, "byte " + at + " of a promise");
                }
            }
        }
    }

    /** The few bytes of a record's head that mean nothing may change. */
    private void assertAbsentOrWhole(Path left, String when) throws Exception {
        try (KeptLife again = new KeptLife(left)) {
            if (again.committer.committedEpoch().isPresent()) {
                assertStandsAt(again, 3, when);
            }
        }
    }

    private static boolean flip(Path file, long at) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) ~one.get(0)).flip();
            return channel.write(one, at) == 1;
        }
    }

    private static Path sealed(Path left) throws IOException {
        try (var all = Files.list(left)) {
            return all.filter(RedoSlots::isSlot)
                    .filter(file -> status(file) == 2)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static int status(Path slot) {
        try {
            return Files.readAllBytes(slot)[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aBodyASealOrAStateThatIsDamagedIsNeverResumedFrom() throws Exception {
        try (KeptLife life = life()) {
            begin(life, 1);
            commit(life, 1, 2);
            EpochLog complete = life.received(epoch(3));
            life.promise(complete);
            Path body = life.leftWhenKilledNow(directory.resolve("body"));
            flip(sealed(body), 4096 + RedoHead.BYTES + 1);
            assertAbsent(body, "a body");
            Path seal = life.leftWhenKilledNow(directory.resolve("seal"));
            flip(sealed(seal), 8 + KeptRecord.HEAD_BYTES + 20);
            assertAbsent(seal, "a seal");
            Path status = life.leftWhenKilledNow(directory.resolve("status"));
            flip(sealed(status), 0);
            assertAbsent(status, "a status");
            Path gone = life.leftWhenKilledNow(directory.resolve("gone"));
            Files.write(sealed(gone), Arrays.copyOf(Files.readAllBytes(sealed(gone)), 5000));
            assertAbsent(gone, "a slot that was cut off");
            Path state = life.leftWhenKilledNow(directory.resolve("state"));
            flip(state.resolve(CommitStateFile.NAME), 8192 + 8 + 30);
            assertAbsent(state, "a state");
            Path without = life.leftWhenKilledNow(directory.resolve("without"));
            Files.delete(without.resolve(CommitStateFile.NAME));
            assertAbsent(without, "no state");
            Path image = life.leftWhenKilledNow(directory.resolve("image"));
            Files.write(image.resolve("image.ram"), new byte[TestVm.PAGES * 4096]);
            assertAbsent(image, "an older worker's image");
        }
    }

    @Test
    void aDiskThatWasWrittenToSinceIsNotRunWithTheImage() throws Exception {
        try (KeptLife life = life()) {
            begin(life, 1);
            commit(life, 1, 2);
            Path left = life.leftWhenKilledNow(directory.resolve("touched"));
            Path disk = left.resolve("disk.raw");
            Files.setLastModifiedTime(
                    disk, FileTime.fromMillis(Files.getLastModifiedTime(disk).toMillis() + 1000));
            assertAbsent(left, "somebody wrote to the disk");
        }
    }

    @Test
    void anEpochThatCanNotBeRedoneForItsDiskKeepsTheBackupFromStarting() throws Exception {
        try (KeptLife life = life()) {
            begin(life, 1);
            commit(life, 1, 1);
            EpochLog complete = life.received(epoch(2));
            life.promise(complete);
            Path left = life.leftWhenKilledNow(directory.resolve("full"));
            KeptStore.Place place = new KeptStore.Place(left, TestVm.ID, Optional.of(closed(left.resolve("disk.raw"))));
            assertThatThrownBy(() -> KeptStore.open(
                            place, Resumption.Note.NONE, new SlabPool(1, new SlabStock(1)), life.workers))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(UnreadableException.class)
                    .hasMessageContaining("make room and start again");
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
            KeptStore.Place place =
                    new KeptStore.Place(left, TestVm.ID, Optional.of(new DiskImage(left.resolve("disk.raw"), false)));
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
                            new KeptStore.Place(left, new VmId("another"), Optional.empty()),
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
    void aTakeoverThatWasCutOffBeforeTheVmRanLeavesTheImageForWhenItsNoteIsGone() throws Exception {
        try (KeptLife life = life()) {
            begin(life, 1);
            commit(life, 1, 2);
            Path left = life.leftWhenKilledNow(directory.resolve("cut"));
            KeptStore.Place place =
                    new KeptStore.Place(left, TestVm.ID, Optional.of(new DiskImage(left.resolve("disk.raw"), false)));
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

    private static KeptStore open(KeptStore.Place place, Resumption.Note note, PageWorkers workers) throws IOException {
        return KeptStore.open(place, note, new SlabPool(1, new SlabStock(1)), workers);
    }

    private static DiskImage closed(Path file) throws IOException {
        DiskImage disk = new DiskImage(file, false);
        disk.close();
        return disk;
    }
}
