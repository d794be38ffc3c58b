package io.lull.policy.sim;

import static io.lull.policy.sim.Trial.MS;
import static io.lull.policy.sim.Trial.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.LeasedPlan;
import io.lull.policy.Objectives;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.plover.IdleSlotPolicy;
import io.lull.policy.rival.Candidate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The job's side of a simulation sends what the job sends, when it does. */
class SimulatedJobTest {
    private static final SimSettings SETTINGS = SimSettings.DEFAULT.lasting(SECOND, 3 * SECOND);

    private static Candidate idleSlots(TriggerPlacement placement) {
        Objectives objectives = new Objectives(25 * MS, 25 * MS, placement, Targets.NONE);
        return new Candidate(IdleSlotPolicy.NAME, placement.name(), new IdleSlotPolicy(), objectives);
    }

    private static RunResult run(TriggerPlacement placement) {
        return Trial.run(Trial.standard("closed-10"), CostModel.kvm(), idleSlots(placement), SETTINGS, 1);
    }

    @Test
    void commandsTheEndOfEpochsWhereTheTriggerIsPlacedInTheJob() {
        RunResult host = run(TriggerPlacement.HOST);
        RunResult job = run(TriggerPlacement.JOB);

        assertThat(host.reasons()).containsOnlyKeys(TriggerReason.IDLE_SLOT);
        assertThat(job.reasons()).containsOnlyKeys(TriggerReason.COMMAND);
        // A slot is seen up to a sample later, and the way through the job takes 0.9 ms and more.
        assertThat(job.checkpointsPerSecond()).isBetween(80.0, 0.9 * host.checkpointsPerSecond());
    }

    @Test
    void thresholdsThatWereLearnedWaitForTheNextReassertion() {
        long reassertMicros = SETTINGS.control().reassertNanos() / 1000;
        List<LeasedPlan> arrived = new ArrayList<>();
        Watcher watcher = (vm, input, ended, toWorker) -> input.plan.ifPresent(plan -> {
            if (arrived.isEmpty() || arrived.get(arrived.size() - 1).planId() != plan.planId()) {
                arrived.add(plan);
            }
        });
        Trial.run(
                Trial.standard("phases"),
                CostModel.kvm(),
                Trial.lull(25 * MS, Targets.NONE),
                SETTINGS.lasting(0, 6 * SECOND),
                1,
                watcher);

        int thresholdsAlone = 0;
        for (int i = 1; i < arrived.size(); i++) {
            LeasedPlan before = arrived.get(i - 1);
            LeasedPlan now = arrived.get(i);
            if (now.plan().sameButThresholds(before.plan())) {
                // Leases count from the sample.
                assertThat(now.leaseUntilMicros() - before.leaseUntilMicros()).isGreaterThanOrEqualTo(reassertMicros);
                thresholdsAlone += now.plan().conditions().equals(before.plan().conditions()) ? 0 : 1;
            }
        }
        assertThat(thresholdsAlone).isGreaterThan(3);
    }
}
