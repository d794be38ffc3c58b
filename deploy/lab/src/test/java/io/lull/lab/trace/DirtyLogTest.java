package io.lull.lab.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.sim.DirtyTrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording is read as it was made, or refused in one line that names the file. */
class DirtyLogTest {
    private static final int CHANGED = 1 << 31;

    @TempDir
    Path folder;

    @Test
    void aRecordingIsReadAsItWasMade() throws IOException {
        Path file = TestLog.of(100, 3)
                .snapshot(10, 7 | CHANGED, 3)
                .snapshot(30)
                .snapshot(45, 99)
                .in(folder);

        DirtyTrace trace = DirtyLog.read(file);

        assertThat(trace.name()).isEqualTo("guest");
        assertThat(trace.vcpuNanos()).containsExactly(10L, 30L, 45L);
        assertThat(trace.writtenPages()).hasSize(3);
        assertThat(trace.writtenPages().get(0)).containsExactly(3, 7);
        assertThat(trace.writtenPages().get(1)).isEmpty();
        assertThat(trace.writtenPages().get(2)).containsExactly(99);
    }

    @Test
    void anotherMagicIsRefused() throws IOException {
        assertRefused(new TestLog("DIRTYLAG", 100, 1).snapshot(10).in(folder), "DIRTYLOG");
    }

    @Test
    void countsThatNoGuestHasAreRefusedBeforeMemoryIsTakenForThem() throws IOException {
        assertRefused(TestLog.of(-1, 1).in(folder), "4294967295 guest pages");
        assertRefused(TestLog.of(0, 1).in(folder), "0 guest pages");
        assertRefused(TestLog.of(100, Integer.MAX_VALUE).in(folder), "2147483647 snapshots");
        assertRefused(TestLog.of(100, 0).in(folder), "0 snapshots");
        assertRefused(TestLog.of(100, 1).counted(10, -2).in(folder), "4294967294 entries in snapshot 0");
        assertRefused(TestLog.of(100, 1).counted(10, 101).in(folder), "101 entries in snapshot 0 for 100 pages");
    }

    @Test
    void aPageThatTheGuestDoesNotHaveIsRefused() throws IOException {
        assertRefused(TestLog.of(100, 1).snapshot(10, 100).in(folder), "page 100 of 100 in snapshot 0");
    }

    @Test
    void aPageThatIsWrittenTwiceInASnapshotIsRefused() throws IOException {
        assertRefused(TestLog.of(100, 1).snapshot(10, 5, 5 | CHANGED).in(folder), "page 5 twice in snapshot 0");
    }

    @Test
    void timeThatRunsBackwardsIsRefused() throws IOException {
        assertRefused(TestLog.of(100, 2).snapshot(10).snapshot(9).in(folder), "backwards");
    }

    @Test
    void aRecordingIsRefusedWhereverItIsCutOff() throws IOException {
        byte[] whole = TestLog.of(100, 2).snapshot(10, 1, 2).snapshot(20, 3).bytes();
        for (int length = 0; length < whole.length; length++) {
            assertRefused(TestLog.compressed(folder, Arrays.copyOf(whole, length)), "ends too early");
        }
        assertRefused(TestLog.compressed(folder, Arrays.copyOf(whole, whole.length + 1)), "goes on after");
    }

    @Test
    void aCompressedFileIsRefusedWhereverItIsCutOff() throws IOException {
        byte[] whole = Files.readAllBytes(TestLog.of(100, 1).snapshot(10, 1, 2).in(folder));
        Path file = folder.resolve("guest.dirtylog.gz");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertRefused(file, "");
        }
    }

    @Test
    void aFileThatIsNotCompressedIsRefused() throws IOException {
        Path file = folder.resolve("guest.dirtylog.gz");
        Files.write(file, TestLog.of(100, 1).snapshot(10).bytes());
        assertRefused(file, "gzip");
    }

    @Test
    void aFileOfAnotherKindIsRefusedByItsName() {
        assertRefused(folder.resolve("guest.pairs.gz"), "NAME.dirtylog.gz");
        assertRefused(folder.resolve(".dirtylog.gz"), "NAME.dirtylog.gz");
    }

    private static void assertRefused(Path file, String words) {
        assertThatThrownBy(() -> DirtyLog.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(words)
                .hasMessageNotContaining("\n");
    }
}
