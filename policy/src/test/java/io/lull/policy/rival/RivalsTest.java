package io.lull.policy.rival;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.CheckpointPolicy;
import io.lull.policy.EpochPlan;
import io.lull.policy.Objectives;
import io.lull.policy.PolicyState;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.registry.PolicyRegistry;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RivalsTest {
    private final List<Candidate> all = Rivals.sweep(Objectives.DEFAULT);

    @Test
    void everyRivalOfTheRegistryIsSwept() {
        Set<String> swept = all.stream().map(Candidate::policy).collect(Collectors.toSet());

        assertThat(swept)
                .contains(
                        "remus.fixed",
                        "remus.adaptive",
                        "gerofi",
                        "plover.idle",
                        "plover.released",
                        "mc.sleep",
                        "watermark",
                        "kemari",
                        "young.daly",
                        "orbit.hybrid");
        assertThat(PolicyRegistry.standard().names()).containsAll(swept);
    }

    @Test
    void aSweepStaysSmallEnoughToRun() {
        assertThat(all).hasSizeLessThanOrEqualTo(130);
    }

    @Test
    void noTwoCandidatesBearTheSameWords() {
        assertThat(all.stream().map(candidate -> candidate.policy() + ": " + candidate.setting()))
                .doesNotHaveDuplicates();
    }

    @Test
    void everyCandidatePlansUnderItsOwnNameAndWithItsReason() {
        assertThat(all).allSatisfy(candidate -> {
            EpochPlan plan = firstPlan(candidate.instance(), candidate.objectives());

            assertThat(plan.policy()).isEqualTo(candidate.policy());
            assertThat(plan.reason().parts()).isNotEmpty();
        });
    }

    @Test
    void theSettingsOfAPolicyLeadToDifferentPlans() {
        List<Long> intervals = Rivals.named("remus.fixed").stream()
                .map(candidate ->
                        firstPlan(candidate.instance(), candidate.objectives()).maxEpochNanos())
                .toList();

        assertThat(intervals).hasSize(12).doesNotHaveDuplicates().contains(25 * TestEpoch.MS);
        assertThat(Rivals.named("gerofi").stream()
                        .map(candidate -> firstPlan(candidate.instance(), candidate.objectives())))
                .hasSize(30)
                .doesNotHaveDuplicates();
    }

    @Test
    void placementAndTargetsAreThoseOfTheCaller() {
        Targets targets = Targets.outputDelay(50 * TestEpoch.MS);

        assertThat(Rivals.sweep(new Objectives(1, 1, TriggerPlacement.BOTH, targets)))
                .allSatisfy(candidate -> {
                    assertThat(candidate.objectives().placement()).isEqualTo(TriggerPlacement.BOTH);
                    assertThat(candidate.objectives().targets()).isEqualTo(targets);
                });
    }

    @Test
    void aNameThatNoRivalHasIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> Rivals.named("remus"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'remus'")
                .hasMessageContaining("remus.fixed, remus.adaptive");
    }

    private static <S extends PolicyState> EpochPlan firstPlan(CheckpointPolicy<S> policy, Objectives objectives) {
        return policy.plan(policy.initialState(), objectives);
    }
}
