package io.lull.producer.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ProcfsReaderTest {
    private static final Path PROC = Path.of("/proc");

    @TempDir
    Path directory;

    @Test
    void readsTheSameFileAgainAndAgain() throws Exception {
        Path task = Files.createDirectories(directory.resolve("7/task/8"));
        Files.writeString(task.resolve("schedstat"), "100 20 3\n");
        try (SchedstatReader reader = SchedstatReader.open(directory, 7, 8)) {
            assertThat(reader.read()).isEqualTo(new TaskTimes(100, 20));
            Files.writeString(task.resolve("schedstat"), "1000 20 4\n");
            assertThat(reader.read()).isEqualTo(new TaskTimes(1000, 20));
        }
    }

    @Test
    void readsThisHostsOwnCounters() throws Exception {
        try (CpuStatReader reader = CpuStatReader.open(PROC)) {
            CpuTimes first = reader.read();
            assertThat(first.totalTicks()).isPositive();
            assertThat(reader.read().totalTicks()).isGreaterThanOrEqualTo(first.totalTicks());
        }
    }

    @Test
    void aProcessThatEndsIsGoneAndNotAnUnknownError() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        try (SchedstatReader reader = SchedstatReader.open(PROC, process.pid(), process.pid())) {
            assertThat(reader.read().runNanos()).isNotNegative();
            process.destroyForcibly();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(catchThrowableOfType(ProbeException.class, reader::read).kind())
                    .isEqualTo(ProbeException.Kind.GONE);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aProcessThatNeverWasIsGone() {
        ProbeException failure =
                catchThrowableOfType(ProbeException.class, () -> SchedstatReader.open(directory, 1, 2));
        assertThat(failure.kind()).isEqualTo(ProbeException.Kind.GONE);
        assertThat(failure).hasMessageContaining("1/task/2/schedstat is gone");
    }

    @Test
    void namesTheFileThatIsMalformed() throws Exception {
        Files.writeString(directory.resolve("stat"), "cpus 1 2 3\n");
        try (CpuStatReader reader = CpuStatReader.open(directory)) {
            ProbeException failure = catchThrowableOfType(ProbeException.class, reader::read);
            assertThat(failure.kind()).isEqualTo(ProbeException.Kind.MALFORMED);
            assertThat(failure).hasMessageContaining(directory.resolve("stat").toString());
        }
    }

    @Test
    void aFileThatCannotBeReadIsUnreadable() throws Exception {
        Files.createDirectory(directory.resolve("stat"));
        try (CpuStatReader reader = CpuStatReader.open(directory)) {
            assertThat(catchThrowableOfType(ProbeException.class, reader::read).kind())
                    .isEqualTo(ProbeException.Kind.UNREADABLE);
        }
    }
}
