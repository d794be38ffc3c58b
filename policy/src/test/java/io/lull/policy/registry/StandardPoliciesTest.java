package io.lull.policy.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.CheckpointPolicy;
import io.lull.policy.EpochPlan;
import io.lull.policy.Objectives;
import io.lull.policy.PolicyState;
import io.lull.policy.rival.TestEpoch;
import io.lull.policy.signal.SampleView;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.junit.jupiter.api.Test;

class StandardPoliciesTest {
    private final PolicyRegistry registry = PolicyRegistry.standard();

    @Test
    void allPublishedSchedulesAndOurOwnAreThere() {
        assertThat(registry.names())
                .contains(
                        "remus.fixed",
                        "plover.idle",
                        "remus.adaptive",
                        "gerofi",
                        "plover.released",
                        "mc.sleep",
                        "watermark",
                        "kemari",
                        "orbit.hybrid",
                        "young.daly",
                        "lull");
    }

    @Test
    void noStateLeavesAFieldToFlinksGuess() {
        assertThat(registry.names())
                .allSatisfy(name -> isPojo(registry.named(name).stateType()));
    }

    @Test
    void theSameObservationsLeadToTheSamePlans() {
        assertThat(registry.names()).allSatisfy(name -> assertThat(planAfterAWhile(registry.named(name)))
                .isEqualTo(planAfterAWhile(registry.named(name))));
    }

    @Test
    void aPlanChangesOnlyWithTheRevision() {
        assertThat(registry.names()).allSatisfy(name -> changesWithRevision(registry.named(name)));
    }

    private static void isPojo(Class<?> type) throws NoSuchMethodException {
        assertThat(Modifier.isPublic(type.getModifiers())).isTrue();
        assertThat(Modifier.isPublic(type.getConstructor().getModifiers())).isTrue();
        for (Field field : type.getFields()) {
            assertThat(Modifier.isFinal(field.getModifiers()))
                    .as(field.toString())
                    .isFalse();
        }
        assertThat(type.getDeclaredFields())
                .filteredOn(field -> !Modifier.isStatic(field.getModifiers()))
                .allSatisfy(field -> assertThat(Modifier.isPublic(field.getModifiers()))
                        .as(field.toString())
                        .isTrue());
    }

    private static <S extends PolicyState> EpochPlan planAfterAWhile(CheckpointPolicy<S> policy) {
        S state = policy.initialState();
        for (int i = 0; i < 3000; i++) {
            observe(policy, state, i);
        }
        return policy.plan(state, Objectives.DEFAULT);
    }

    private static <S extends PolicyState> void changesWithRevision(CheckpointPolicy<S> policy) {
        S state = policy.initialState();
        for (int i = 0; i < 3000; i++) {
            EpochPlan before = policy.plan(state, Objectives.DEFAULT);
            long revision = state.revision;
            observe(policy, state, i);
            if (state.revision == revision) {
                assertThat(policy.plan(state, Objectives.DEFAULT))
                        .as(policy.name() + ", step " + i)
                        .isEqualTo(before);
            }
        }
    }

    private static <S extends PolicyState> void observe(CheckpointPolicy<S> policy, S state, int step) {
        SampleView sample = new SampleView();
        sample.intervalNanos = 5_000_000;
        sample.elapsedNanos = 5_000_000;
        sample.vcpus = 1 + step / 1000;
        sample.busyRatio = step % 40 / 100.0;
        sample.txPackets = step / 500 % 2;
        policy.onSample(state, sample, Objectives.DEFAULT);
        if (step % 5 == 0) {
            long pauseNanos = 2_000_000 + step * 3_000L;
            long pages = 100L + step % 700;
            policy.onReport(
                    state,
                    TestEpoch.report(25_000_000, pauseNanos, pauseNanos + 20_000 * pages, pages),
                    Objectives.DEFAULT);
        }
    }
}
