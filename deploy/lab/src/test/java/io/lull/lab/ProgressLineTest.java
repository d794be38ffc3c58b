package io.lull.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.lab.run.RunListener.Done;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** Progress is told at most once a second on a terminal, and rarely elsewhere. */
class ProgressLineTest {
    private static final String END = System.lineSeparator();

    private final StringWriter err = new StringWriter();
    private long nowNanos;

    @Test
    void aShortComparisonIsSilent() {
        run(true, 9, 100_000_000);

        assertThat(err.toString()).isEmpty();
    }

    @Test
    void onATerminalALongOneTellsOncePerSecondAndEndsItsLine() {
        run(true, 30, 100_000_000);

        assertThat(err.toString()).isEqualTo("\r10 of 30 runs, 1 s\r20 of 30 runs, 2 s\r30 of 30 runs, 3 s" + END);
    }

    @Test
    void elsewhereALongOneTellsRarelyAndInWholeLines() {
        run(false, 700, 100_000_000);

        assertThat(err.toString()).isEqualTo("300 of 700 runs, 30 s" + END + "600 of 700 runs, 60 s" + END);
    }

    @Test
    void searchesAndTheObjectiveAreSaidWhereThereAreSeveral() {
        try (ProgressLine line = new ProgressLine(new PrintWriter(err, true), true, () -> nowNanos)) {
            line.about("p99=5ms");
            nowNanos = 2_000_000_000;
            line.done(new Done(7, 7, 1, 3));
            line.about("");
            nowNanos = 4_000_000_000L;
            line.done(new Done(7, 7, 2, 3));
        }

        assertThat(err.toString())
                .isEqualTo("\rp99=5ms: 7 of 7 runs, 1 of 3 searches, 2 s\r7 of 7 runs, 2 of 3 searches, 4 s         "
                        + END);
    }

    private void run(boolean terminal, int runs, long nanosEach) {
        try (ProgressLine line = new ProgressLine(new PrintWriter(err, true), terminal, () -> nowNanos)) {
            for (int i = 1; i <= runs; i++) {
                nowNanos += nanosEach;
                line.done(new Done(i, runs, 0, 0));
            }
        }
    }
}
