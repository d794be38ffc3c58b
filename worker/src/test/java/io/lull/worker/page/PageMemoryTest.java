package io.lull.worker.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageMemoryTest {
    @TempDir
    Path folder;

    @Test
    void anonymousPagesAreZeroAlignedAndSeparate() {
        try (PageMemory memory = PageMemory.anonymous(100)) {
            for (int page = 0; page < 100; page++) {
                assertThat(memory.address(page) % PageMemory.PAGE_BYTES).isZero();
                assertThat(PrimaryAndBackup.bytes(memory, page)).containsOnly(0);
                memory.view(page).putLong(0, page).putLong(PageMemory.PAGE_BYTES - 8, ~page);
            }
            for (int page = 0; page < 100; page++) {
                assertThat(memory.view(page).getLong(0)).isEqualTo(page);
                assertThat(memory.view(page).getLong(PageMemory.PAGE_BYTES - 8)).isEqualTo(~page);
            }
        }
    }

    @Test
    void whileALargeMemoryIsMadeAndFreedOtherThreadsRun() throws Exception {
        AtomicLong nanos = new AtomicLong();
        Thread maker = new Thread(() -> {
            long startNanos = System.nanoTime();
            PageMemory.anonymous(1 << 17).close();
            nanos.set(System.nanoTime() - startNanos);
        });
        maker.start();

        long longestNanos = 0;
        while (maker.isAlive()) {
            long startNanos = System.nanoTime();
            // As for a garbage collection, all threads must come to a stop for it.
            Thread.getAllStackTraces();
            longestNanos = Math.max(longestNanos, System.nanoTime() - startNanos);
        }

        System.out.printf(
                "512 MiB made and freed in %.0f ms; longest stop of all threads %.0f ms%n",
                nanos.get() / 1e6, longestNanos / 1e6);
        assertThat(longestNanos).isLessThan(nanos.get() / 3);
    }

    @Test
    void refusesPagesThatDoNotExistAndUseAfterClose() {
        PageMemory memory = PageMemory.anonymous(3);
        assertThatThrownBy(() -> memory.address(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.view(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        memory.close();
        memory.close();
        assertThatThrownBy(() -> memory.address(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> PageMemory.anonymous(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFileBeyondTwoGibibytesIsReadByOthersAndSurvivesClose() throws Exception {
        int pages = 3 << 18;
        Path file = folder.resolve("image");
        int[] samples = {0, (1 << 18) - 1, 1 << 18, (1 << 19) + 5, pages - 1};
        try (PageMemory memory = PageMemory.createFile(file, pages)) {
            for (int page : samples) {
                memory.view(page).putLong(8, page + 1L);
            }
            try (RandomAccessFile reader = new RandomAccessFile(file.toFile(), "r")) {
                for (int page : samples) {
                    reader.seek((long) page * PageMemory.PAGE_BYTES + 8);
                    assertThat(Long.reverseBytes(reader.readLong())).isEqualTo(page + 1L);
                }
            }
        }
        try (PageMemory again = PageMemory.openFile(file, pages)) {
            for (int page : samples) {
                assertThat(again.view(page).getLong(8)).isEqualTo(page + 1L);
            }
        }
    }

    @Test
    void refusesAFileThatExistsOnCreateAndAShortOneOnOpen() throws Exception {
        Path file = folder.resolve("image");
        PageMemory.createFile(file, 2).close();
        assertThatThrownBy(() -> PageMemory.createFile(file, 2)).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> PageMemory.openFile(file, 3))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("3 pages need 12288");
    }

    /** Its first piece has room, its second hasn't: the limit is on the size of files of a process of its own. */
    @Test
    void leavesNoFileWhenItFailsHalfWay() throws Exception {
        Path file = folder.resolve("image");
        Process process = new ProcessBuilder(List.of(
                        "sh",
                        "-c",
                        "ulimit -f 3000000 && exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PageMemoryTest.class.getName(),
                        file.toString()))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(said).contains("IOException");
        assertThat(file).doesNotExist();
    }

    /** A process that wants a memory of two pieces. */
    public static void main(String[] args) {
        try (PageMemory memory = PageMemory.createFile(Path.of(args[0]), 2 << 18)) {
            System.out.print(memory.pages());
        } catch (IOException e) {
            System.out.print(e);
        }
    }
}
