package io.lull.bench.faults.scene;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.local.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A JVM under the preload: what it takes for now, before and after a jump. */
@Timeout(60)
class ShiftedClockTest {
    private static final long HOUR_MILLIS = 3_600_000;
    /** Neither this machine's load nor the start of a JVM takes so long. */
    private static final long TOLERANCE_MILLIS = 30_000;

    @TempDir
    private Path folder;

    /** Prints both of its clocks for each line that it reads, and how long it waited when told to wait 50 ms. */
    public static final class Clocks {
        private Clocks() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            while (in.readLine() != null) {
                long sinceNanos = System.nanoTime();
                synchronized (in) {
                    in.wait(50);
                }
                long waitedMillis = (System.nanoTime() - sinceNanos) / 1_000_000;
                System.out.println(
                        System.currentTimeMillis() + " " + System.nanoTime() / 1_000_000 + " " + waitedMillis);
            }
        }
    }

    private record Seen(long wallMillis, long steadyMillis, long waitedMillis) {}

    private static Seen look(Process process) throws IOException {
        Writer to = process.outputWriter();
        to.write("\n");
        to.flush();
        String[] parts = process.inputReader().readLine().split(" ");
        return new Seen(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }

    @Test
    void theWallClockOfAJvmJumpsAndItsMonotonicTimeGoesOn() throws Exception {
        Path root = Path.of("../../..").toAbsolutePath().normalize();
        ShiftedClock clock = new ShiftedClock(ShiftedClock.buildPreload(root, folder), folder.resolve("clock"));
        List<String> command = clock.command(Jvm.client(List.of(Clocks.class.getName())));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            Seen right = look(process);
            assertThat(right.wallMillis() - System.currentTimeMillis()).isBetween(-TOLERANCE_MILLIS, TOLERANCE_MILLIS);
            for (long jumpMillis : List.of(HOUR_MILLIS, -HOUR_MILLIS, 0L)) {
                clock.setOffBy(jumpMillis);
                Seen seen = look(process);
                assertThat(seen.wallMillis() - System.currentTimeMillis() - jumpMillis)
                        .as("off by " + jumpMillis)
                        .isBetween(-TOLERANCE_MILLIS, TOLERANCE_MILLIS);
                assertThat(seen.steadyMillis() - right.steadyMillis()).isBetween(0L, TOLERANCE_MILLIS);
                assertThat(seen.waitedMillis()).isBetween(49L, TOLERANCE_MILLIS);
            }
        } finally {
            process.destroyForcibly();
        }
    }
}
