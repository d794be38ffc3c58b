package io.lull.policy.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.Conditions;
import io.lull.policy.EpochPlan;
import io.lull.policy.LeasedPlan;
import io.lull.policy.Reason;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.policy.trigger.CommandFilter.Standing;
import io.lull.policy.trigger.CommandFilter.Verdict;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CommandFilterTest {
    private static final VmId VM = new VmId("vm-1");
    private static final long NOW_MICROS = 1000;
    private static final Standing FRESH = new Standing(VM, 7, OptionalLong.empty(), NOW_MICROS);

    private static EndEpoch end(String vm, long epoch, long expiresAtMicros) {
        return new EndEpoch(new VmId(vm), 1, epoch, TriggerReason.IDLE_SLOT, true, 0, 0, expiresAtMicros);
    }

    private static StandingPlan plan(String vm, long planId, long leaseUntilMicros) {
        EpochPlan plan = new EpochPlan("test", 0, 1, Conditions.NONE, TriggerPlacement.HOST, Reason.of("test"));
        return new StandingPlan(new VmId(vm), 1, new LeasedPlan(planId, plan, leaseUntilMicros));
    }

    @Test
    void acceptsWhatIsForThisVmAndEpochAndStillHolds() {
        assertThat(CommandFilter.judge(end("vm-1", 7, NOW_MICROS + 1), FRESH)).isEqualTo(Verdict.ACCEPTED);
        assertThat(CommandFilter.judge(plan("vm-1", 0, NOW_MICROS + 1), FRESH)).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void saysWhyACommandIsIgnored() {
        assertThat(CommandFilter.judge(end("vm-2", 7, NOW_MICROS + 1), FRESH)).isEqualTo(Verdict.OTHER_VM);
        assertThat(CommandFilter.judge(plan("vm-2", 7, NOW_MICROS + 1), FRESH)).isEqualTo(Verdict.OTHER_VM);
        assertThat(CommandFilter.judge(end("vm-1", 6, NOW_MICROS + 1), FRESH)).isEqualTo(Verdict.OTHER_EPOCH);
        assertThat(CommandFilter.judge(end("vm-1", 7, NOW_MICROS), FRESH)).isEqualTo(Verdict.EXPIRED);
        assertThat(CommandFilter.judge(plan("vm-1", 7, NOW_MICROS), FRESH)).isEqualTo(Verdict.EXPIRED);
    }

    @Test
    void ignoresAPlanThatIsNotNewerThanTheOneTakenUp() {
        Standing later = new Standing(VM, 7, OptionalLong.of(5), NOW_MICROS);

        assertThat(CommandFilter.judge(plan("vm-1", 4, NOW_MICROS + 1), later)).isEqualTo(Verdict.OLDER_PLAN);
        assertThat(CommandFilter.judge(plan("vm-1", 5, NOW_MICROS + 1), later)).isEqualTo(Verdict.OLDER_PLAN);
        assertThat(CommandFilter.judge(plan("vm-1", 6, NOW_MICROS + 1), later)).isEqualTo(Verdict.ACCEPTED);
    }
}
