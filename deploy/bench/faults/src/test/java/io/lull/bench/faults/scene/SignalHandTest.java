package io.lull.bench.faults.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.lull.local.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A signal has come when the hand says so, and nobody minds one for a process that has ended. */
@Timeout(30)
class SignalHandTest {
    private static final long LIMIT_MILLIS = 10_000;

    private static String state(Process process) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    }

    @Test
    void aProcessIsStoppedAndKilled() throws Exception {
        Process sleeper = new ProcessBuilder("sleep", "30").start();
        try (SignalHand hand = new SignalHand()) {
            hand.send("STOP", sleeper.toHandle());
            Await.until("the process stands still", LIMIT_MILLIS, () -> state(sleeper)
                    .equals("T"));

            hand.send("KILL", sleeper.toHandle());
            assertThat(sleeper.waitFor(10, TimeUnit.SECONDS)).isTrue();

            assertThatCode(() -> hand.send("STOP", sleeper.toHandle())).doesNotThrowAnyException();
        } finally {
            sleeper.destroyForcibly();
        }
    }
}
