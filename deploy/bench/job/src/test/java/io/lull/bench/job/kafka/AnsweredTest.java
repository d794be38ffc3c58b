package io.lull.bench.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.bench.job.load.Fleet;
import io.lull.policy.Conditions;
import io.lull.policy.EpochPlan;
import io.lull.policy.LeasedPlan;
import io.lull.policy.Reason;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.schemas.wire.Wire;
import org.junit.jupiter.api.Test;

class AnsweredTest {
    private static final long DUE_MICROS = 1_700_000_000_000_000L;
    private static final long LEASE_MICROS = 2_000_000;
    private static final VmId VM = new VmId("vm-1");

    private final Wire wire = new Wire();

    @Test
    void countsThePlansLatencyFromTheSampleThatItWasMadeOn() {
        EpochPlan plan =
                new EpochPlan("remus.fixed", 0, 25_000_000, Conditions.NONE, TriggerPlacement.HOST, Reason.of("fixed"));
        StandingPlan standing = new StandingPlan(VM, 1, new LeasedPlan(2, plan, DUE_MICROS + LEASE_MICROS));
        Answered answered = new Answered("commands", false, LEASE_MICROS);

        answered.take("commands", wire.encode(standing), DUE_MICROS + 800);

        assertThat(answered.takeMicros().getMaxValue()).isEqualTo(800);
    }

    @Test
    void countsACommandsLatencyFromItsSample() {
        EndEpoch end =
                new EndEpoch(VM, 1, 7, TriggerReason.IDLE_SLOT, true, DUE_MICROS, DUE_MICROS + 5, DUE_MICROS + 50);
        Answered answered = new Answered("commands", false, LEASE_MICROS);

        answered.take("commands", wire.encode(end), DUE_MICROS + 700);

        assertThat(answered.takeMicros().getMaxValue()).isEqualTo(700);
    }

    @Test
    void countsTheRelaysLatencyFromTheSampleThatItGivesBack() {
        Answered answered = new Answered("commands", true, LEASE_MICROS);

        answered.take("commands", wire.encode(new Fleet(1, 1, 10_000).sample(0, DUE_MICROS)), DUE_MICROS + 600);

        assertThat(answered.takeMicros().getMaxValue()).isEqualTo(600);
    }

    @Test
    void leavesOutAnswersOfTurnsThatAreOver() {
        Answered answered = new Answered("commands", true, LEASE_MICROS);

        answered.take("others", new byte[] {1}, DUE_MICROS);

        assertThat(answered.takeMicros().getTotalCount()).isZero();
    }
}
