package io.lull.job.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.fixture.Reports;
import io.lull.job.fixture.Samples;
import io.lull.policy.CheckpointPolicy;
import io.lull.policy.Conditions;
import io.lull.policy.Decision;
import io.lull.policy.DirtyRule;
import io.lull.policy.DivergenceRule;
import io.lull.policy.EpochPlan;
import io.lull.policy.HardLimits;
import io.lull.policy.IdleRule;
import io.lull.policy.Objectives;
import io.lull.policy.OutputRule;
import io.lull.policy.PolicyState;
import io.lull.policy.Reason;
import io.lull.policy.ServicesRule;
import io.lull.policy.Signal;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.WaitRule;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.policy.registry.PolicyRegistry;
import io.lull.policy.signal.DirtyCurve;
import io.lull.policy.signal.DirtyCurveState;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One VM whose policy asks for what the test says. */
class VmSchedulerTest {
    private static final SchedulerSettings SETTINGS = SchedulerHarness.settings("remus.fixed", TriggerPlacement.JOB);

    /** Any wait is too dear; the oldest held frame may be 1 s old. */
    private static final WaitRule WAITING =
            new WaitRule(1, 0, 1, 0, 0, 0, 1, 0.05, 0, 0, 0, 0, 1_000_000_000, Long.MAX_VALUE, ServicesRule.NONE);

    private final VmScheduler scheduler = new VmScheduler(SETTINGS);
    private final VmState state = new VmState();
    private final LiveVm live = new LiveVm(
            Samples.VM,
            new Operators(SETTINGS, PolicyRegistry.standard()).termsAt(new Orders(), SchedulerHarness.START_MICROS),
            new SampleView());
    private final Asking policy = new Asking();
    private long nowMicros = SchedulerHarness.START_MICROS;

    /** A policy that counts how often its plan is made. */
    static final class Asking implements CheckpointPolicy<PolicyState> {
        private final PolicyState memory = new PolicyState();
        private Conditions conditions = Conditions.NONE;
        private TriggerPlacement placement = TriggerPlacement.JOB;
        private int plans;

        @Override
        public String name() {
            return "test";
        }

        @Override
        public Set<Signal> requires() {
            return Set.of();
        }

        @Override
        public Class<PolicyState> stateType() {
            return PolicyState.class;
        }

        @Override
        public PolicyState initialState() {
            return memory;
        }

        @Override
        public void onSample(PolicyState taken, SampleView sample, Objectives objectives) {}

        @Override
        public void onReport(PolicyState taken, EpochReport report, Objectives objectives) {}

        @Override
        public EpochPlan plan(PolicyState taken, Objectives objectives) {
            plans++;
            return new EpochPlan("test", 0, 100_000_000, conditions, placement, Reason.of("test"));
        }
    }

    private Outcome see(VmSample sample) {
        nowMicros += 1000;
        state.admission.seenAtMicros = nowMicros;
        live.sample.load(sample);
        return scheduler.onSample(state, live, new Proposal<>(policy, policy.memory, Objectives.DEFAULT), nowMicros);
    }

    private Outcome see(long epoch, long elapsedMillis) {
        return see(Samples.busy(epoch, elapsedMillis, nowMicros));
    }

    private void ask(Conditions conditions, TriggerPlacement placement) {
        policy.conditions = conditions;
        policy.placement = placement;
        policy.memory.revision++;
    }

    private static Optional<EndEpoch> end(Outcome outcome) {
        return outcome.commands().stream()
                .filter(EndEpoch.class::isInstance)
                .map(EndEpoch.class::cast)
                .findFirst();
    }

    private static boolean plans(Outcome outcome) {
        return outcome.commands().stream().anyMatch(StandingPlan.class::isInstance);
    }

    @Test
    void endsAnEpochForThePriceOfWaitingWhereTheTriggerIsInTheJob() {
        for (TriggerPlacement placement : TriggerPlacement.values()) {
            ask(Conditions.of(WAITING), placement);
            Outcome outcome = see(7 + placement.name().length(), 9);

            if (!placement.inJob()) {
                assertThat(end(outcome)).isEmpty();
                continue;
            }
            assertThat(end(outcome).orElseThrow()).satisfies(end -> {
                assertThat(end.reason()).isEqualTo(TriggerReason.WAIT_PRICE);
                assertThat(end.idleSlot()).isFalse();
            });
            assertThat(outcome.decisions().get(0).kind()).isEqualTo(Decision.Kind.CHECKPOINT);
            assertThat(outcome.decisions().get(0).reason().toString())
                    .contains("waiting on costs more than it saves: 3 frames held");
        }
    }

    @Test
    void leavesDeadlinesOutputAndLongestEpochsToTheWorker() {
        WaitRule late = new WaitRule(0, 1, 1, 0, 0, 0, 1, 0.05, 0, 0, 0, 0, 1, Long.MAX_VALUE, ServicesRule.NONE);
        ask(Conditions.of(late), TriggerPlacement.JOB);
        assertThat(end(see(7, 9))).as("DEADLINE").isEmpty();
        ask(Conditions.of(new OutputRule(1, 1, 0, 0, 0)), TriggerPlacement.JOB);
        assertThat(end(see(8, 9))).as("OUTPUT").isEmpty();
        assertThat(end(see(9, 600))).as("T_MAX").isEmpty();
    }

    @Test
    void looksForSlotsHoweverManyPagesAreDirtySinceTheWatermarkIsTheWorkers() {
        ask(Conditions.of(WAITING), TriggerPlacement.JOB);
        DirtyCurve.update(state.dirty, 1_000_000, 4 * HardLimits.DEFAULT.dirtyPagesWatermark());

        assertThat(end(see(7, 9)).orElseThrow().reason()).isEqualTo(TriggerReason.WAIT_PRICE);
        assertThat(live.input.dirtyPages).isGreaterThan(HardLimits.DEFAULT.dirtyPagesWatermark());
    }

    @Test
    void weighsThePagesThatTheReportsLeadItToExpect() {
        // A pause of 1 us a page, slots each ms: worth waiting for one only while many pages are dirty.
        ask(
                Conditions.of(new WaitRule(
                        0.3,
                        0,
                        1,
                        0,
                        0,
                        0,
                        1,
                        0.05,
                        0,
                        0,
                        1000,
                        1000,
                        Long.MAX_VALUE,
                        Long.MAX_VALUE,
                        ServicesRule.NONE)),
                TriggerPlacement.JOB);
        scheduler.onReport(state, report(100_000));
        assertThat(end(see(pending(8)))).as("over 3,600 pages").isEmpty();

        state.dirty = new DirtyCurveState();
        scheduler.onReport(state, report(4));
        assertThat(end(see(pending(9)))).as("hardly a page").isPresent();
        assertThat(live.input.lastPauseNanos).isEqualTo(1000);
    }

    @Test
    void expectsAsManyPagesAsTheWorkerDoesFromTheSameEpochs() {
        DirtyCurveState workers = new DirtyCurveState();
        for (int i = 1; i <= 40; i++) {
            EpochReport report = report(100L * i);
            scheduler.onReport(state, report);
            DirtyCurve.update(workers, report.lengthNanos(), report.pages().dirtyPages());
        }
        ask(Conditions.of(WAITING), TriggerPlacement.JOB);
        see(7, 9);

        assertThat(live.input.dirtyPages).isEqualTo(DirtyCurve.pagesAt(workers, 9_000_000));
    }

    private EpochReport report(long dirtyPages) {
        EpochReport base = Reports.report(7, nowMicros, 1000);
        return new EpochReport(
                base.vm(),
                base.hostId(),
                base.epoch(),
                base.decisionId(),
                base.reason(),
                base.endedAtMicros(),
                250_000_000,
                base.pause(),
                new EpochReport.Pages(dirtyPages, 0, 0, 0, dirtyPages),
                base.dirtyPagesPerVcpu(),
                base.bytes(),
                base.stages(),
                base.held(),
                base.trigger(),
                base.codec(),
                base.threads());
    }

    /** A sample of a server that is busy for half of the time, with one of two connections answered. */
    private VmSample pending(long epoch) {
        VmSample busy = Samples.busy(epoch, 9, nowMicros);
        return new VmSample(
                busy.vm(),
                busy.hostId(),
                busy.epoch(),
                busy.sampledAtMicros(),
                busy.intervalNanos(),
                busy.elapsedNanos(),
                List.of(new VcpuSample(0, 10, Samples.INTERVAL_NANOS / 2, 0)),
                busy.dirtySource(),
                busy.network(),
                busy.disk(),
                new io.lull.policy.signal.TcpSample(2, 0, 0, 0, 0, 1),
                busy.host());
    }

    @Test
    void makesAPlanOnlyForANewRevisionOrAReassertion() {
        see(7, 4);
        assertThat(policy.plans).isEqualTo(1);
        for (int i = 0; i < 300; i++) {
            assertThat(see(7, 4)).isSameAs(Outcome.NOTHING);
        }
        assertThat(policy.plans).isEqualTo(1);

        policy.memory.revision++;
        see(7, 4);
        assertThat(policy.plans).isEqualTo(2);
        nowMicros += SETTINGS.reassertMicros();
        assertThat(plans(see(7, 4))).isTrue();
        assertThat(policy.plans).isEqualTo(3);
    }

    @Test
    void goesOnSendingThePlanAgainWhenItsClockIsSetBack() {
        ask(Conditions.NONE, TriggerPlacement.HOST);
        see(7, 1);
        nowMicros -= 3_600_000_000L;
        assertThat(plans(see(7, 2))).as("the first since").isTrue();
        assertThat(plans(see(7, 3))).as("the next").isFalse();
        nowMicros += SETTINGS.reassertMicros();
        assertThat(plans(see(7, 4))).as("a period later").isTrue();
    }

    @Test
    void sendsAnotherConditionAtOnceAndAnotherThresholdAtTheNextReassertion() {
        see(7, 4);
        ask(Conditions.of(new DirtyRule(100)), TriggerPlacement.JOB);
        assertThat(plans(see(7, 4))).isTrue();
        ask(Conditions.of(new DirtyRule(101)), TriggerPlacement.JOB);
        assertThat(plans(see(7, 4))).isFalse();

        nowMicros += SETTINGS.reassertMicros();
        Outcome reasserted = see(7, 4);
        assertThat(plans(reasserted)).isTrue();
        assertThat(reasserted.decisions()).as("it is another plan").hasSize(1);
        assertThat(state.sent.plan().conditions()).isEqualTo(Conditions.of(new DirtyRule(101)));
    }

    @Test
    void keepsTheWholePlanThatItSent() {
        Conditions all = new Conditions(
                Optional.of(new IdleRule(0.1, 2, 3, 4, 5)),
                Optional.of(new OutputRule(1, 2, 3.5, 4, 5.5)),
                Optional.of(new DirtyRule(6)),
                Optional.of(
                        new WaitRule(1.5, 2.5, 3.5, 4, 5.5, 6.5, 0.3, 0.4, 0.5, 6, 7.5, 8.5, 9, 10, ServicesRule.NONE)),
                Optional.of(new DivergenceRule(7)));
        ask(all, TriggerPlacement.BOTH);
        see(0, 0);

        assertThat(state.sent.plan()).isEqualTo(policy.plan(policy.memory, Objectives.DEFAULT));
    }
}
