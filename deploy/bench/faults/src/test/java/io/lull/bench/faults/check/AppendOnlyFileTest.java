package io.lull.bench.faults.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AppendOnlyFileTest {
    private static final String INCR = "*2\r\n$4\r\nINCR\r\n$1\r\nk\r\n";

    @Test
    void onlyWholeCommandsOfTheKeyCount() {
        String other = "*2\r\n$4\r\nINCR\r\n$1\r\nj\r\n";
        String log = "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n" + INCR + INCR + other + INCR + INCR.substring(0, 20);

        assertThat(AppendOnlyFile.increments(log.getBytes(StandardCharsets.US_ASCII), "k"))
                .isEqualTo(3);
    }
}
