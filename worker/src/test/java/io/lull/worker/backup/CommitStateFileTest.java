package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.protocol.Bye;
import io.lull.worker.protocol.OnBackupLoss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitStateFileTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final int SLOT = 8192;

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);

    CommitStateFileTest() {
        System.out.println("CommitStateFileTest: -Dlull.seed=" + SEED);
    }

    private Path file() {
        return directory.resolve(CommitStateFile.NAME);
    }

    private CommitState state(int sessions, Optional<String> stale) {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            ids.add(new UUID(random.nextLong(), random.nextLong()));
        }
        return new CommitState(
                new UUID(1, 2),
                TestVm.ID,
                "a boot",
                random.nextInt(1000),
                random.nextBoolean() ? Optional.of(new CommitState.Image(new UUID(5, 6), 7, 8)) : Optional.empty(),
                random.nextBoolean() ? Optional.of(new DiskStamp(9, 10)) : Optional.empty(),
                samples(),
                random.nextBoolean() ? Optional.of(new UUID(11, 12)) : Optional.empty(),
                new Freshness(
                        Optional.of(new UUID(3, 4)),
                        Optional.empty(),
                        ids.stream().findFirst(),
                        random.nextBoolean() ? Optional.of(OnBackupLoss.ASK_FENCE) : Optional.empty(),
                        ids,
                        stale,
                        random.nextBoolean() ? Optional.of(new UUID(13, 14)) : Optional.empty()));
    }

    private List<DiskSample> samples() {
        return random.ints(DiskTrace.MAX_SAMPLES, 0, 1 << 30)
                .mapToObj(at -> new DiskSample(at, 1 + at % DiskSample.MAX_BYTES, ~at))
                .toList();
    }

    private Optional<CommitState> kept() throws IOException {
        try (CommitStateFile again = CommitStateFile.open(file())) {
            return again.read();
        }
    }

    @Test
    void theLastStateThatWasWrittenIsReadByTheNextProcess() throws Exception {
        assertThat(kept()).isEmpty();
        for (int i = 0; i < 20; i++) {
            CommitState last = state(i, Optional.of("why " + i));
            try (CommitStateFile file = CommitStateFile.open(file())) {
                file.write(state(1, Optional.empty()));
                file.write(last);
            }
            assertThat(kept()).contains(last);
        }
    }

    @Test
    void theLongestStateHasRoom() throws Exception {
        String why = "x".repeat(Bye.saying("x").frame().header().type().maxBodyBytes() + 100);
        CommitState longest = state(Freshness.MAX_SESSIONS, Optional.of(why));
        try (CommitStateFile file = CommitStateFile.open(file())) {
            file.write(longest);
        }
        assertThat(kept()).contains(longest);
    }

    @Test
    void aProcessThatDiesWhileItWritesLeavesTheStateBefore() throws Exception {
        CommitState before = state(2, Optional.empty());
        CommitState after = state(3, Optional.empty());
        byte[] old;
        try (CommitStateFile file = CommitStateFile.open(file())) {
            file.write(state(1, Optional.empty()));
            file.write(before);
            old = Files.readAllBytes(file());
            file.write(after);
        }
        byte[] whole = Files.readAllBytes(file());
        // The third goes to the slot of the first: its serial is 0 until all of it is there.
        int changed = SLOT + Arrays.mismatch(whole, SLOT + 8, 2 * SLOT, old, SLOT + 8, 2 * SLOT) + 8;
        int end = 2 * SLOT;
        while (whole[end - 1] == old[end - 1]) {
            end--;
        }
        for (int written = changed + 1; written < end; written += 1 + random.nextInt(200)) {
            byte[] torn = whole.clone();
            System.arraycopy(old, written, torn, written, 2 * SLOT - written);
            Arrays.fill(torn, SLOT, SLOT + 8, (byte) 0);
            Files.write(file(), torn);
            assertThat(kept()).as("died at byte " + written).contains(before);
        }
        byte[] allButTheSerial = whole.clone();
        Arrays.fill(allButTheSerial, SLOT, SLOT + 8, (byte) 0);
        Files.write(file(), allButTheSerial);
        assertThat(kept()).as("died before the last store").contains(after);
        System.arraycopy(old, SLOT, allButTheSerial, SLOT, SLOT);
        Arrays.fill(allButTheSerial, SLOT, SLOT + 8, (byte) 0);
        Files.write(file(), allButTheSerial);
        assertThat(kept()).as("died after the first store").contains(before);
        Files.write(file(), whole);
        assertThat(kept()).contains(after);
    }

    @Test
    void damageThatNoCrashLeavesIsNotTakenForTheStateBefore() throws Exception {
        try (CommitStateFile file = CommitStateFile.open(file())) {
            file.write(state(2, Optional.of("one")));
            file.write(state(2, Optional.of("two")));
        }
        byte[] whole = Files.readAllBytes(file());
        for (int i = 0; i < 200; i++) {
            byte[] damaged = whole.clone();
            int at = (i % 2) * SLOT + 8 + random.nextInt(KeptRecord.HEAD_BYTES + 600);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file(), damaged);
            assertThatThrownBy(this::kept).as("byte " + at).isInstanceOf(UnreadableException.class);
        }
    }

    @Test
    void aSerialNumberThatIsDamagedDoesNotMakeAnOlderStateTheNewest() throws Exception {
        CommitState last = state(2, Optional.of("five"));
        try (CommitStateFile file = CommitStateFile.open(file())) {
            for (int i = 0; i < 4; i++) {
                file.write(state(2, Optional.of("before")));
            }
            file.write(last);
        }
        byte[] whole = Files.readAllBytes(file());
        for (int slot = 0; slot < 2; slot++) {
            for (int bit = 0; bit < 64; bit++) {
                byte[] damaged = whole.clone();
                damaged[slot * SLOT + bit / 8] ^= (byte) (1 << bit % 8);
                Files.write(file(), damaged);
                if (readsAs0(damaged, slot)) {
                    assertThat(kept()).as("bit " + bit + " of slot " + slot).contains(last);
                } else {
                    assertThatThrownBy(this::kept)
                            .as("bit " + bit + " of slot " + slot)
                            .isInstanceOf(UnreadableException.class)
                            .hasMessageContaining("serial number");
                }
            }
        }
    }

    /** As a slot does whose process died before the last store. */
    private static boolean readsAs0(byte[] file, int slot) {
        return Arrays.equals(file, slot * SLOT, slot * SLOT + 8, new byte[8], 0, 8);
    }

    @Test
    void aFileOfAnotherVersionOrLengthIsNotRead() throws Exception {
        try (CommitStateFile file = CommitStateFile.open(file())) {
            file.write(state(2, Optional.empty()));
        }
        byte[] whole = Files.readAllBytes(file());
        byte[] newer = whole.clone();
        newer[SLOT + 8 + 8] = KeptRecord.VERSION + 1;
        Files.write(file(), newer);
        assertThatThrownBy(this::kept)
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining(
                        "has version " + (KeptRecord.VERSION + 1) + ", this worker reads " + KeptRecord.VERSION);
        Files.write(file(), Arrays.copyOf(whole, 100));
        assertThatThrownBy(this::kept).isInstanceOf(UnreadableException.class).hasMessageContaining("100 bytes");
    }
}
