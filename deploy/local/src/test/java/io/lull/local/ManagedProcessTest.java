package io.lull.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that end together. */
@Timeout(20)
class ManagedProcessTest {
    private static final int SIGKILLED = 128 + 9;

    @TempDir
    Path folder;

    @Test
    void allOfThemAreGoneBySigkillWhenKillAtOnceReturns() throws Exception {
        try (ManagedProcess first = sleep("first");
                ManagedProcess second = sleep("second")) {
            assertThat(first.alive() && second.alive()).isTrue();

            ManagedProcess.killAtOnce(List.of(first, second));

            assertThat(first.exitCode()).isEqualTo(SIGKILLED);
            assertThat(second.exitCode()).isEqualTo(SIGKILLED);
        }
    }

    private ManagedProcess sleep(String name) throws Exception {
        return ManagedProcess.start(name, List.of("sleep", "60"), folder.resolve(name + ".log"));
    }
}
