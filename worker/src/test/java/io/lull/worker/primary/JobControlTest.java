package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.trigger.CommandFilter.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class JobControlTest {
    private static final long EPOCH = 7;
    private static final long NOW = 1_000;
    private static final long HOUR_MICROS = 3_600_000_000L;

    private final AtomicLong nowMicros = new AtomicLong(NOW);
    private final List<String> changes = new ArrayList<>();
    private final JobControl control =
            new JobControl(Values.VM, nowMicros::get, (state, reason) -> changes.add(state + ": " + reason));

    @Test
    void aCommandForTheOpenEpochWakesTheTrigger() {
        assertThat(control.accept(Values.endEpoch(Values.VM, EPOCH, NOW + 1), EPOCH))
                .isTrue();
        assertThat(control.command())
                .hasValueSatisfying(end -> assertThat(end.epoch()).isEqualTo(EPOCH));
    }

    @Test
    void whatDoesNotConcernThisVmAndEpochNowChangesNothingAndIsCounted() {
        assertThat(control.accept(Values.plan(4, NOW + 100), EPOCH)).isFalse();
        for (int i = 0; i < 3; i++) {
            assertThat(control.accept(Values.endEpoch(Values.OTHER_VM, EPOCH, NOW + 1), EPOCH))
                    .isFalse();
            assertThat(control.accept(Values.endEpoch(Values.VM, EPOCH - 1, NOW + 1), EPOCH))
                    .isFalse();
            assertThat(control.accept(Values.endEpoch(Values.VM, EPOCH + 1, NOW + 1), EPOCH))
                    .isFalse();
            assertThat(control.accept(Values.endEpoch(Values.VM, EPOCH, NOW), EPOCH))
                    .isFalse();
            assertThat(control.accept(Values.plan(4, NOW + 200), EPOCH)).isFalse();
            assertThat(control.accept(Values.plan(3, NOW + 200), EPOCH)).isFalse();
            assertThat(control.accept(Values.plan(5, NOW), EPOCH)).isFalse();
        }

        assertThat(control.command()).isEmpty();
        assertThat(control.leasedPlan())
                .hasValueSatisfying(plan -> assertThat(plan.planId()).isEqualTo(4));
        assertThat(control.ignored(Verdict.OTHER_VM)).isEqualTo(3);
        assertThat(control.ignored(Verdict.OTHER_EPOCH)).isEqualTo(6);
        assertThat(control.ignored(Verdict.OLDER_PLAN)).isEqualTo(6);
        assertThat(control.ignored(Verdict.EXPIRED)).isEqualTo(6);
        assertThat(control.ignored(Verdict.ACCEPTED)).isZero();
    }

    @Test
    void theEndOfALeaseIsSaidOnceAndSoIsTheReturnOfAPlan() {
        control.accept(Values.plan(1, NOW + 10), EPOCH);
        assertThat(control.state()).isEqualTo(ControlState.PLANNED);
        assertThat(control.planDecisionId()).isEqualTo(101);

        nowMicros.set(NOW + 9);
        control.refresh();
        assertThat(control.state()).as("until the lease ends").isEqualTo(ControlState.PLANNED);
        nowMicros.set(NOW + 10);
        for (int tick = 0; tick < 5; tick++) {
            control.refresh();
        }
        assertThat(control.state()).isEqualTo(ControlState.FALLBACK);
        control.accept(Values.plan(2, NOW + 50), EPOCH);
        control.refresh();

        assertThat(changes).hasSize(3);
        assertThat(changes.get(0)).startsWith("PLANNED: remus.fixed holds");
        assertThat(changes.get(1)).startsWith("FALLBACK: the lease of plan 1 is over");
        assertThat(changes.get(2)).startsWith("PLANNED");
    }

    @Test
    void aPlanThatIsRenewedInTimeIsNoChange() {
        control.accept(Values.plan(1, NOW + 10), EPOCH);
        nowMicros.set(NOW + 5);
        control.accept(Values.plan(2, NOW + 20), EPOCH);
        nowMicros.set(NOW + 15);
        control.refresh();

        assertThat(changes).hasSize(1);
    }

    @Test
    void aPlanDoesNotOutliveItsLeaseBecauseTheHostsClockWasSetBack() {
        nowMicros.set(10 * HOUR_MICROS);
        control.accept(Values.plan(1, nowMicros.get() + 2_000_000), EPOCH);
        nowMicros.addAndGet(-HOUR_MICROS);
        control.refresh();

        assertThat(control.state()).isEqualTo(ControlState.FALLBACK);
        assertThat(changes.get(1)).contains("clock was set back");
        control.accept(Values.plan(2, nowMicros.get() + 2_000_000), EPOCH);
        assertThat(control.state()).isEqualTo(ControlState.PLANNED);
    }

    @Test
    void aJobThatStartsOverWhereTheClockIsBehindIsFollowedOnceTheLastPlanHoldsNoMore() {
        control.accept(Values.plan(HOUR_MICROS, NOW + 100), EPOCH);
        control.accept(Values.plan(5, NOW + 200), EPOCH);
        assertThat(control.leasedPlan())
                .as("while the last plan holds")
                .hasValueSatisfying(plan -> assertThat(plan.planId()).isEqualTo(HOUR_MICROS));

        nowMicros.set(NOW + 100);
        control.accept(Values.plan(6, NOW + 300), EPOCH);
        assertThat(control.state()).isEqualTo(ControlState.PLANNED);
        assertThat(control.leasedPlan())
                .hasValueSatisfying(plan -> assertThat(plan.planId()).isEqualTo(6));
    }
}
