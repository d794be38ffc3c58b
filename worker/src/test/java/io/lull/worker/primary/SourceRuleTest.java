package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.config.SourceChoice;
import io.lull.worker.primary.SourceRule.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceRuleTest {
    private static final List<String> BROKEN = List.of("QEMU 10.0.2 stops the guest instead of entering COLO");
    private static final List<String> ANONYMOUS = List.of("the guest's memory is no file: start QEMU with ...");

    private static Verdict verdict(List<String> againstColo, List<String> againstShared, SourceChoice asked) {
        return new SourceRule(againstColo, againstShared).verdict(asked);
    }

    @Test
    void autoIsColoWhereNothingIsAgainstIt() {
        assertThat(verdict(List.of(), List.of(), SourceChoice.AUTO)).isEqualTo(Verdict.COLO);
        assertThat(verdict(List.of(), ANONYMOUS, SourceChoice.AUTO)).isEqualTo(Verdict.COLO);
    }

    @Test
    void autoIsSharedMemoryWhereColoIsAbsentOrBroken() {
        assertThat(verdict(BROKEN, List.of(), SourceChoice.AUTO)).isEqualTo(Verdict.SHARED_MEMORY);
        assertThat(new SourceRule(BROKEN, List.of()).why(SourceChoice.AUTO)).contains("10.0.2");
    }

    @Test
    void aVmThatCanBeCapturedByNeitherIsRefusedWithWhatToDoForEach() {
        assertThat(verdict(BROKEN, ANONYMOUS, SourceChoice.AUTO)).isEqualTo(Verdict.REFUSED);
        assertThat(new SourceRule(BROKEN, ANONYMOUS).why(SourceChoice.AUTO))
                .contains("10.0.2", "start QEMU with")
                .doesNotContain("\n");
    }

    @Test
    void aSourceThatIsAskedForByNameIsThatOneOrNone() {
        assertThat(verdict(List.of(), List.of(), SourceChoice.SHARED_MEMORY)).isEqualTo(Verdict.SHARED_MEMORY);
        assertThat(verdict(List.of(), ANONYMOUS, SourceChoice.SHARED_MEMORY)).isEqualTo(Verdict.REFUSED);
        assertThat(new SourceRule(List.of(), ANONYMOUS).why(SourceChoice.SHARED_MEMORY))
                .contains("start QEMU with");
        assertThat(verdict(BROKEN, List.of(), SourceChoice.COLO)).isEqualTo(Verdict.REFUSED);
        assertThat(verdict(List.of(), ANONYMOUS, SourceChoice.COLO)).isEqualTo(Verdict.COLO);
    }
}
