package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a backup has locked stays locked, whoever else tries. */
@Timeout(60)
class StoreLockTest {
    private static final String FREE = "free";

    @TempDir
    Path directory;

    @Test
    void aSecondStartInTheSameProcessIsRefusedAndLeavesTheLocksOfTheFirst() throws Exception {
        Path disk = Files.write(directory.resolve("disk.raw"), new byte[4096]);
        BackupOptions.Store store = BackupOptions.Store.defaults(directory, Optional.of(disk));
        BackupOptions.Store sameDisk =
                BackupOptions.Store.defaults(Files.createDirectory(directory.resolve("other")), Optional.of(disk));
        Path lock = directory.resolve(OwnedStore.LOCK);
        try (OwnedStore first = new OwnedStore(TestVm.ID, store, Optional.empty(), Optional.empty())) {
            assertThat(first.disk()).isPresent();
            assertThatThrownBy(() -> new OwnedStore(TestVm.ID, store, Optional.empty(), Optional.empty()))
                    .hasMessageContaining("in use by another");
            assertThatThrownBy(() -> new OwnedStore(TestVm.ID, sameDisk, Optional.empty(), Optional.empty()))
                    .hasMessageContaining(disk + " is in use by another");
            assertThat(inAnotherProcess(lock)).contains("in use by another");
            assertThat(inAnotherProcess(disk)).contains("in use by another");
        }
        assertThat(inAnotherProcess(lock)).isEqualTo(FREE);
        assertThat(inAnotherProcess(disk)).isEqualTo(FREE);
    }

    @Test
    void aFileIsKnownByAnyName() throws Exception {
        Path file = Files.write(directory.resolve("disk.raw"), new byte[4096]);
        Path link = Files.createLink(directory.resolve("link.raw"), file);
        Path symbolic = Files.createSymbolicLink(directory.resolve("symbolic.raw"), file);
        try (StoreLock held = StoreLock.open(file, StandardOpenOption.WRITE)) {
            assertThat(held.channel().isOpen()).isTrue();
            for (Path name : List.of(link, symbolic)) {
                assertThatThrownBy(() -> StoreLock.open(name, StandardOpenOption.WRITE))
                        .hasMessageContaining("in use by another");
            }
            assertThat(inAnotherProcess(file)).contains("in use by another");
        }
        StoreLock.open(link, StandardOpenOption.WRITE).close();
    }

    private static String inAnotherProcess(Path file) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreLockTest.class.getName(),
                        file.toString()))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    /** Another process that wants the file. */
    public static void main(String[] args) {
        try (StoreLock own = StoreLock.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
            System.out.print(own.channel().isOpen() ? FREE : "closed");
        } catch (IOException e) {
            System.out.print(e.getMessage());
        }
    }
}
