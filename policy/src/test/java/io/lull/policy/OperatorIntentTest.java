package io.lull.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.OperatorIntent.Kind;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OperatorIntentTest {
    @Test
    void refusesAnIntentWithoutWhatItsKindNeeds() {
        refused(Kind.CHOOSE_POLICY, "a policy");
        refused(Kind.PIN_INTERVAL, "intervalNanos");
        refused(Kind.EXCLUDE, "expiresAtMicros");
        refused(Kind.OBJECTIVES, "intervalNanos, maxEpochNanos, placement or a target");
        assertThat(bare(Kind.PAUSE, "ada").kind()).isEqualTo(Kind.PAUSE);
        assertThatThrownBy(() -> bare(Kind.PAUSE, " ")).hasMessageContaining("an author");
    }

    @Test
    void takesATargetAloneForObjectives() {
        Targets targets = Targets.outputDelay(10_000_000);
        OperatorIntent asked = new OperatorIntent(
                new VmId("web-1"),
                Kind.OBJECTIVES,
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                targets,
                "ada",
                "answers within 10 ms",
                17,
                OptionalLong.empty());
        assertThat(asked.targets()).isEqualTo(targets);
    }

    @Test
    void holdsUntilItExpiresAndForeverWithoutAnExpiry() {
        OperatorIntent until99 = new OperatorIntent(
                new VmId("web-1"),
                Kind.EXCLUDE,
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Targets.NONE,
                "ada",
                "backup window",
                17,
                OptionalLong.of(99));
        assertThat(until99.holdsAt(98)).isTrue();
        assertThat(until99.holdsAt(99)).isFalse();
        assertThat(bare(Kind.PAUSE, "ada").holdsAt(Long.MAX_VALUE)).isTrue();
    }

    @Test
    void aResumeReplacesAPauseAndNothingElse() {
        assertThat(Kind.RESUME.slot()).isEqualTo(Kind.PAUSE.slot());
        for (Kind kind : Kind.values()) {
            if (kind != Kind.PAUSE && kind != Kind.RESUME) {
                assertThat(kind.slot()).isNotEqualTo(Kind.PAUSE.slot());
            }
        }
    }

    private static void refused(Kind kind, String what) {
        assertThatThrownBy(() -> bare(kind, "ada"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(kind + " needs " + what);
    }

    private static OperatorIntent bare(Kind kind, String author) {
        return new OperatorIntent(
                new VmId("web-1"),
                kind,
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Targets.NONE,
                author,
                "maintenance",
                17,
                OptionalLong.empty());
    }
}
