package io.lull.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** Progress is told at most once a second. */
class ProgressLineTest {
    private final StringWriter err = new StringWriter();
    private long nowNanos;

    @Test
    void aShortComparisonIsSilent() {
        run(9, 100_000_000);

        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aLongOneTellsOncePerSecondAndEndsItsLine() {
        run(30, 100_000_000);

        assertThat(err.toString())
                .isEqualTo("\r10 of 30 runs, 1 s\r20 of 30 runs, 2 s\r30 of 30 runs, 3 s" + System.lineSeparator());
    }

    private void run(int runs, long nanosEach) {
        try (ProgressLine line = new ProgressLine(new PrintWriter(err, true), () -> nowNanos)) {
            for (int i = 1; i <= runs; i++) {
                nowNanos += nanosEach;
                line.done(i, runs);
            }
        }
    }
}
