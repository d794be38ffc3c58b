package io.lull.producer.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProcfsParserTest {
    private static final long SEED = Long.getLong("lull.seed", 20261123);

    @Test
    void readsRunAndWaitTimeOfAThread() throws Exception {
        assertThat(TaskTimes.parse(recorded("schedstat"))).isEqualTo(new TaskTimes(709102886L, 588632038L));
    }

    @Test
    void readsIdleAndTotalTicksAndCountsTheCores() throws Exception {
        assertThat(CpuTimes.parse(recorded("stat"))).isEqualTo(new CpuTimes(2, 318996, 473470));
    }

    @Test
    void countsTheCoresAlsoWhenTheTextEndsWithThem() throws Exception {
        String stat = "cpu  1 2 3 4 5 6 7 8 9 9\ncpu0 1 1 1 1\ncpu11 1 1 1 1";
        assertThat(CpuTimes.parse(text(stat))).isEqualTo(new CpuTimes(2, 9, 36));
    }

    @Test
    void refusesWhatIsNotInTheKnownForm() {
        for (String broken : new String[] {"", " ", "x 1 2", "1", "1 2", "1 -2 3", "9223372036854775808 1 1"}) {
            assertThat(catchThrowableOfType(ProbeException.class, () -> TaskTimes.parse(text(broken)))
                            .kind())
                    .as(broken)
                    .isEqualTo(ProbeException.Kind.MALFORMED);
        }
        for (String broken :
                new String[] {"", "cpu", "cpu  1 2 3", "cpu  1 2 3 4 5 6 7 8\nintr 5\n", "cpu0 1 1 1 1 1 1 1 1"}) {
            assertThat(catchThrowableOfType(ProbeException.class, () -> CpuTimes.parse(text(broken)))
                            .kind())
                    .as(broken)
                    .isEqualTo(ProbeException.Kind.MALFORMED);
        }
    }

    @Test
    void takesTheLargestNumberThatFits() throws Exception {
        assertThat(TaskTimes.parse(text("9223372036854775807 0 1")).runNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void randomDamageIsRefusedAsMalformedOrRead() throws Exception {
        System.out.println("ProcfsParserTest seed " + SEED + " (-Dlull.seed=)");
        Random random = new Random(SEED);
        byte[] whole = new byte[recorded("stat").remaining()];
        recorded("stat").get(whole);
        int refused = 0;
        for (int round = 0; round < 5000; round++) {
            byte[] damaged = whole.clone();
            for (int spot = 0; spot < 5; spot++) {
                damaged[random.nextInt(120)] = (byte) random.nextInt();
            }
            try {
                assertThat(CpuTimes.parse(ByteBuffer.wrap(damaged)).cores()).isPositive();
            } catch (ProbeException e) {
                assertThat(e.kind()).isEqualTo(ProbeException.Kind.MALFORMED);
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ByteBuffer recorded(String name) throws IOException {
        try (InputStream in = ProcfsParserTest.class.getResourceAsStream("/procfs/" + name)) {
            return ByteBuffer.wrap(Objects.requireNonNull(in, name).readAllBytes());
        }
    }
}
