package io.lull.local.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CounterSequenceTest {
    private static final String THREE = "C 0000000001\nC 0000000002\nC 0000000003\n";

    @Test
    void acceptsASequenceThatIsCutAnywhere() {
        for (int length = 0; length <= THREE.length(); length++) {
            assertThat(CounterSequence.fault(bytes(THREE.substring(0, length)))).isEmpty();
        }
    }

    @Test
    void flagsEveryGapAndEveryRepetitionAtASeam() {
        for (int seam = 1; seam < THREE.length(); seam++) {
            for (int resume = 0; resume < THREE.length() - 12; resume++) {
                String joined = THREE.substring(0, seam) + THREE.substring(resume);
                assertThat(CounterSequence.fault(bytes(joined)).isEmpty())
                        .as("output up to byte %d, then from byte %d", seam, resume)
                        .isEqualTo(seam == resume);
            }
        }
    }

    @Test
    void flagsASequenceThatDoesNotBeginAtOne() {
        assertThat(CounterSequence.fault(bytes("C 0000000002\n")))
                .hasValueSatisfying(fault -> assertThat(fault).contains("C 0000000002", "C 0000000001"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
