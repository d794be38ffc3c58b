package io.lull.worker.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a crash can not have left is never resumed from. */
@Timeout(180)
class DamagedStoreTest extends KeptStoreLives {
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
}
