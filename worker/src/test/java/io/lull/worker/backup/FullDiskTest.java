package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    Path directory;

    /** What a disk without room says, as it is. */
    private static IOException full() throws IOException {
        try (FileChannel channel = FileChannel.open(FULL, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1));
        } catch (IOException e) {
            return e;
        }
        throw new AssertionError(FULL + " has room");
    }

    @Test
    void onlyADiskWithoutRoomIsToBeGivenRoom() throws Exception {
        IOException named = FullDisk.writing(FULL, full());
        assertThat(named).hasMessageContaining("cannot write " + FULL + ": ");
        assertThat(FullDisk.isCauseOf(new UncheckedIOException(named))).isTrue();
        assertThat(FullDisk.advice(named)).contains("make room");

        IOException other = FullDisk.writing(FULL, new IOException("Input/output error"));
        assertThat(FullDisk.isCauseOf(other)).isFalse();
        assertThat(FullDisk.advice(other)).contains("mend that").doesNotContain("make room");
        assertThat(FullDisk.isCauseOf(new IllegalStateException("No space left on device")))
                .isFalse();
    }

    @Test
    void aRedoLogThatHasNoRoomNamesItsFile() throws Exception {
        SlabPool slabs = new SlabPool(1 << 20, new SlabStock(1 << 20));
        Path slot = Files.createSymbolicLink(directory.resolve("slot"), FULL);

        assertThatThrownBy(() -> PieceFile.create(slot, slabs))
                .hasMessageContaining("cannot write " + slot)
                .satisfies(failure -> assertThat(FullDisk.isCauseOf(failure)).isTrue());
    }
}
