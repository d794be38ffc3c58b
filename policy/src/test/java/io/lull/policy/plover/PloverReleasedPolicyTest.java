package io.lull.policy.plover;

import static io.lull.policy.rival.TestEpoch.MS;
import static io.lull.policy.rival.TestEpoch.at;
import static io.lull.policy.rival.TestEpoch.hold;
import static io.lull.policy.rival.TestEpoch.under;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.EpochPlan;
import io.lull.policy.HardLimits;
import io.lull.policy.IdleRule;
import io.lull.policy.LeasedPlan;
import io.lull.policy.Objectives;
import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.signal.IdleSlotDetector;
import io.lull.policy.signal.IdleState;
import io.lull.policy.signal.IdleVerdict;
import io.lull.policy.signal.SampleView;
import io.lull.policy.trigger.EpochTrigger;
import io.lull.policy.trigger.TriggerInput;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PloverReleasedPolicyTest {
    private static final long PROBE_NANOS = 200_000;
    private static final long HOUR_NANOS = 3600 * 1000 * MS;

    private final PloverReleasedPolicy policy = new PloverReleasedPolicy(PloverReleasedSettings.DEFAULT);
    private final PloverReleasedState state = policy.initialState();
    private final IdleState idle = new IdleState();
    private final SampleView sample = new SampleView();

    /** Takes up one probe of {@code vcpus} vCPUs that together used {@code coreShare} of a core. */
    private IdleVerdict probe(int vcpus, double coreShare) {
        sample.epoch = 1;
        sample.intervalNanos = PROBE_NANOS;
        sample.elapsedNanos += PROBE_NANOS;
        sample.vcpus = vcpus;
        sample.busyRatio = coreShare / vcpus;
        policy.onSample(state, sample, Objectives.DEFAULT);
        IdleRule rule = policy.plan(state, Objectives.DEFAULT).idleRule().orElseThrow();
        IdleSlotDetector.update(idle, sample, rule);
        return idle.verdict;
    }

    private IdleVerdict probe() {
        return probe(1, 0);
    }

    @Test
    void threeIdleProbesMakeASlot() {
        hold(sample, 1);

        assertThat(probe()).isEqualTo(IdleVerdict.NONE);
        assertThat(probe()).isEqualTo(IdleVerdict.NONE);
        assertThat(probe()).isEqualTo(IdleVerdict.STRONG);
    }

    @Test
    void aBusyProbeStartsTheCountOver() {
        hold(sample, 1);
        probe();
        probe();

        assertThat(probe(1, 0.25)).isEqualTo(IdleVerdict.NONE);
        assertThat(probe()).isEqualTo(IdleVerdict.NONE);
        assertThat(probe()).isEqualTo(IdleVerdict.NONE);
        assertThat(probe()).isEqualTo(IdleVerdict.STRONG);
    }

    @Test
    void outputStartsTheCountOver() {
        hold(sample, 1);
        probe();
        probe();
        sample.txPackets = 1;
        assertThat(probe()).isEqualTo(IdleVerdict.NONE);
        sample.txPackets = 0;

        assertThat(probe()).isEqualTo(IdleVerdict.NONE);
        assertThat(probe()).isEqualTo(IdleVerdict.NONE);
        assertThat(probe()).isEqualTo(IdleVerdict.STRONG);
    }

    @Test
    void theThresholdIsAShareOfOneCoreHoweverManyVcpus() {
        hold(sample, 1);
        for (int i = 0; i < 3; i++) {
            assertThat(probe(8, 0.26)).isEqualTo(IdleVerdict.NONE);
        }
        probe(8, 0.24);
        probe(8, 0.24);

        assertThat(probe(8, 0.24)).isEqualTo(IdleVerdict.STRONG);
    }

    @Test
    void aDiskRequestInFlightIsNoSlot() {
        hold(sample, 1);
        sample.diskInFlight = 1;
        probe();
        probe();

        assertThat(probe()).isEqualTo(IdleVerdict.NONE);
    }

    @Test
    void pendingRequestsAreNotLookedAt() {
        hold(sample, 1);
        sample.requestsPending = 4;
        probe();
        probe();

        assertThat(probe()).isNotEqualTo(IdleVerdict.NONE);
    }

    @Test
    void aSlotCountsRightAfterTheResume() {
        EpochPlan plan = policy.plan(state, Objectives.DEFAULT);

        assertThat(plan.minEpochNanos()).isZero();
        assertThat(plan.idleRule().orElseThrow().settleNanos()).isZero();
    }

    @Test
    void theThresholdIsNotLearned() {
        for (int i = 0; i < 10_000; i++) {
            probe(1, 0.15);
        }

        assertThat(policy.plan(state, Objectives.DEFAULT)
                        .idleRule()
                        .orElseThrow()
                        .busyRatio())
                .isEqualTo(0.25);
        assertThat(state.revision).isZero();
    }

    @Test
    void theEpochOfACpuBoundGuestNeverEnds() {
        TriggerInput epoch = under(policy.plan(state, Objectives.DEFAULT));
        hold(epoch.sample, 1000);
        epoch.sample.busyRatio = 1;
        epoch.sample.vcpus = 1;
        epoch.dirtyPages = 1e9;
        epoch.diskWrites = 1000;

        for (long second = 0; second < 3600; second++) {
            assertThat(at(epoch, second * 1000 * MS)).as("second " + second).isEmpty();
        }
    }

    @Test
    void theWorkersHardLimitHoldsAllTheSame() {
        TriggerInput epoch = new TriggerInput(new VmId("vm-1"), HardLimits.DEFAULT);
        epoch.plan = Optional.of(new LeasedPlan(1, policy.plan(state, Objectives.DEFAULT), Long.MAX_VALUE));
        epoch.sample.elapsedNanos = HardLimits.DEFAULT.maxEpochNanos();

        assertThat(EpochTrigger.decide(epoch)).contains(TriggerReason.T_MAX);
        assertThat(policy.plan(state, Objectives.DEFAULT).maxEpochNanos()).isEqualTo(HOUR_NANOS);
    }

    @Test
    void aSlotEndsTheEpoch() {
        TriggerInput epoch = under(policy.plan(state, Objectives.DEFAULT));
        epoch.verdict = IdleVerdict.STRONG;

        assertThat(at(epoch, 3 * PROBE_NANOS)).contains(TriggerReason.IDLE_SLOT);
    }
}
