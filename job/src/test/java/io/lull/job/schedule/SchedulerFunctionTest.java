package io.lull.job.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.Intents;
import io.lull.job.fixture.Reports;
import io.lull.job.fixture.Samples;
import io.lull.job.schedule.SchedulerHarness.Sent;
import io.lull.job.stream.Inbound;
import io.lull.job.stream.Outgoing;
import io.lull.policy.Decision;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.WaitRule;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VmSample;
import java.util.OptionalLong;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

class SchedulerFunctionTest {
    /** The host's clock is an hour ahead of the job's, to show that the two are never compared. */
    private static final long HOST_AHEAD_MICROS = 3_600_000_000L;

    private static SchedulerHarness fixed() throws Exception {
        return new SchedulerHarness(SchedulerHarness.settings("remus.fixed", TriggerPlacement.HOST));
    }

    private static SchedulerHarness idleInJob() throws Exception {
        return new SchedulerHarness(SchedulerHarness.settings("plover.idle", TriggerPlacement.JOB));
    }

    private static Inbound busy(SchedulerHarness harness) {
        return Inbounds.of(Samples.busy(7, 4, harness.nowMicros() + HOST_AHEAD_MICROS));
    }

    private static Inbound idle(SchedulerHarness harness, long epoch, long elapsedMillis) {
        return Inbounds.of(Samples.idle(epoch, elapsedMillis, harness.nowMicros() + HOST_AHEAD_MICROS));
    }

    @Test
    void answersTheFirstSampleWithAPlanAndItsDecision() throws Exception {
        try (SchedulerHarness harness = fixed()) {
            harness.send(busy(harness));
            Sent sent = harness.sent();

            StandingPlan plan = sent.plans().get(0);
            Decision decision = sent.decisions().get(0);
            assertThat(plan.plan().plan().policy()).isEqualTo("remus.fixed");
            assertThat(plan.plan().plan().maxEpochNanos()).isEqualTo(25_000_000);
            assertThat(plan.plan().leaseUntilMicros()).isEqualTo(harness.nowMicros() + HOST_AHEAD_MICROS + 2_000_000);
            assertThat(plan.decisionId()).isEqualTo(decision.decisionId());
            assertThat(decision.kind()).isEqualTo(Decision.Kind.PLAN);
            assertThat(decision.inputs())
                    .extracting(Decision.NamedValue::name)
                    .contains("busyRatio", "heldBytes", "requestsPending");
        }
    }

    @Test
    void lullLearnsItsPauseFromTheReports() throws Exception {
        try (SchedulerHarness harness =
                new SchedulerHarness(SchedulerHarness.settings("lull", TriggerPlacement.HOST))) {
            harness.send(busy(harness));
            WaitRule before = waitRule(harness.sent());
            assertThat(before.pauseNanosOf(4)).as("of four pages, as assumed").isLessThan(100_000);
            for (int epoch = 1; epoch <= 10; epoch++) {
                harness.send(Inbounds.of(Reports.report(epoch, harness.nowMicros() + HOST_AHEAD_MICROS, 3_000_000)));
            }
            assertThat(harness.sent().plans())
                    .as("a report alone sends nothing")
                    .isEmpty();
            harness.advanceMillis(500);
            harness.send(busy(harness));

            WaitRule learned = waitRule(harness.sent());
            assertThat(learned.pauseNanosOf(4)).isCloseTo(3_000_000, within(1_000.0));
            assertThat(learned.averageLossRatio()).isPositive();
        }
    }

    private static WaitRule waitRule(Sent sent) {
        return sent.plans().get(0).plan().plan().conditions().waiting().orElseThrow();
    }

    @Test
    void sendsAnUnchangedPlanAgainWithAFreshLeaseAndAHigherId() throws Exception {
        try (SchedulerHarness harness = fixed()) {
            harness.send(busy(harness));
            StandingPlan first = harness.sent().plans().get(0);
            harness.advanceMillis(499);
            harness.send(busy(harness));
            assertThat(harness.sent().plans()).isEmpty();
            harness.advanceMillis(1);
            harness.send(busy(harness));
            Sent sent = harness.sent();

            StandingPlan again = sent.plans().get(0);
            assertThat(again.plan().planId()).isGreaterThan(first.plan().planId());
            assertThat(again.plan().leaseUntilMicros()).isEqualTo(first.plan().leaseUntilMicros() + 500_000);
            assertThat(again.decisionId()).isEqualTo(first.decisionId());
            assertThat(sent.decisions()).isEmpty();
        }
    }

    @Test
    void endsAnEpochOnceWhenTheTriggerIsInTheJob() throws Exception {
        try (SchedulerHarness harness = idleInJob()) {
            for (int elapsed = 3; elapsed <= 6; elapsed++) {
                harness.send(idle(harness, 7, elapsed));
                harness.advanceMillis(1);
            }
            Sent sent = harness.sent();

            EndEpoch end = sent.ends().get(0);
            assertThat(sent.ends()).hasSize(1);
            assertThat(end.epoch()).isEqualTo(7);
            assertThat(end.reason()).isEqualTo(TriggerReason.IDLE_SLOT);
            assertThat(end.expiresAtMicros()).isEqualTo(end.sampledAtMicros() + 50_000);
            assertThat(sent.plans().get(0).plan().plan().maxEpochNanos()).isEqualTo(50_000_000);
            assertThat(sent.decisions())
                    .filteredOn(decision -> decision.kind() == Decision.Kind.CHECKPOINT)
                    .singleElement()
                    .matches(decision -> decision.decisionId() == end.decisionId());

            harness.send(idle(harness, 8, 3));
            assertThat(harness.sent().ends()).extracting(EndEpoch::epoch).containsExactly(8L);
        }
    }

    @Test
    void endsNoEpochForARestWhereNobodySeesWhatTheGuestSends() throws Exception {
        try (SchedulerHarness harness = idleInJob()) {
            for (int elapsed = 3; elapsed <= 20; elapsed++) {
                VmSample seen = Samples.idle(7, elapsed, harness.nowMicros() + HOST_AHEAD_MICROS);
                harness.send(Inbounds.of(new VmSample(
                        seen.vm(),
                        seen.hostId(),
                        seen.epoch(),
                        seen.sampledAtMicros(),
                        seen.intervalNanos(),
                        seen.elapsedNanos(),
                        seen.vcpus(),
                        seen.dirtySource(),
                        NetworkSample.UNKNOWN,
                        seen.disk(),
                        TcpSample.NONE,
                        seen.host())));
                harness.advanceMillis(1);
            }
            assertThat(harness.sent().ends()).isEmpty();
        }
    }

    @Test
    void leavesIdleSlotsToTheHostWhenTheTriggerIsThere() throws Exception {
        try (SchedulerHarness harness =
                new SchedulerHarness(SchedulerHarness.settings("plover.idle", TriggerPlacement.HOST))) {
            for (int elapsed = 3; elapsed <= 9; elapsed++) {
                harness.send(idle(harness, 7, elapsed));
            }
            assertThat(harness.sent().ends()).isEmpty();
        }
    }

    @Test
    void sendsNoPlanWhileTelemetryIsSilentAndSaysSoOnce() throws Exception {
        try (SchedulerHarness harness = fixed()) {
            harness.send(busy(harness));
            harness.sent();
            harness.advanceMillis(5000);
            harness.send(Inbounds.of(Reports.report(7, harness.nowMicros(), 1000)));
            Sent silent = harness.sent();

            assertThat(silent.plans()).isEmpty();
            assertThat(silent.decisions()).singleElement().satisfies(decision -> {
                assertThat(decision.kind()).isEqualTo(Decision.Kind.NONE);
                assertThat(decision.guards()).containsExactly("freshness");
                assertThat(decision.reason().toString()).contains("telemetry silent");
            });
            assertThat(harness.timers()).as("until it is forgotten").isEqualTo(1);

            harness.send(busy(harness));
            assertThat(harness.sent().plans()).hasSize(1);
            assertThat(harness.timers()).isEqualTo(1);
        }
    }

    @Test
    void keepsOneTimerHoweverManySamplesCome() throws Exception {
        try (SchedulerHarness harness = fixed()) {
            for (int i = 0; i < 300; i++) {
                harness.send(busy(harness));
                harness.advanceMillis(10);
                assertThat(harness.timers()).isEqualTo(1);
            }
            assertThat(harness.sent().decisions()).extracting(Decision::kind).containsOnly(Decision.Kind.PLAN);
        }
    }

    @Test
    void followsAChosenPolicyUntilItExpires() throws Exception {
        try (SchedulerHarness harness = fixed()) {
            OptionalLong inOneSecond = OptionalLong.of(harness.nowMicros() + 1_000_000);
            harness.send(Inbounds.of(Intents.choose("plover.idle", TriggerPlacement.BOTH, inOneSecond)));
            harness.send(busy(harness));
            StandingPlan chosen = harness.sent().plans().get(0);
            harness.advanceMillis(900);
            harness.send(busy(harness));
            harness.advanceMillis(100);
            harness.send(busy(harness));
            StandingPlan after = harness.sent().plans().get(1);

            assertThat(chosen.plan().plan().policy()).isEqualTo("plover.idle");
            assertThat(chosen.plan().plan().maxEpochNanos()).isEqualTo(60_000_000);
            assertThat(chosen.plan().plan().placement()).isEqualTo(TriggerPlacement.BOTH);
            assertThat(after.plan().plan().policy()).isEqualTo("remus.fixed");
        }
    }

    @Test
    void pinsTheIntervalAtOnceAndRecordsWhoAsked() throws Exception {
        try (SchedulerHarness harness = idleInJob()) {
            harness.send(busy(harness));
            harness.sent();
            harness.send(Inbounds.of(Intents.pin(10_000_000, OptionalLong.empty())));
            harness.advanceMillis(1);
            harness.send(busy(harness));
            Sent sent = harness.sent();

            assertThat(sent.plans().get(0).plan().plan().maxEpochNanos()).isEqualTo(10_000_000);
            assertThat(sent.plans().get(0).plan().plan().idleRule()).isEmpty();
            assertThat(sent.decisions().get(0).guards()).containsExactly("operator");
            assertThat(sent.decisions().get(0).reason().toString()).contains("by ada");
            assertThat(sent.decisions().get(0).candidates()).hasSize(2);
        }
    }

    @Test
    void rejectsIntentsThatItCannotFollowWithTheirBytes() throws Exception {
        try (SchedulerHarness harness = fixed()) {
            Inbound choice = Inbounds.of(Intents.choose("no.such", TriggerPlacement.HOST, OptionalLong.empty()));
            harness.send(choice);

            Outgoing first = harness.rejected().get(0);
            assertThat(first.value()).isEqualTo(((Inbound.Intent) choice).raw().value());
            assertThat(first.headers())
                    .containsEntry("source.topic", "topic-of-INTENTS")
                    .containsEntry("source.partition", "3")
                    .containsEntry("source.offset", "42");
            assertThat(first.headers().get("reason")).contains("'no.such'", "remus.fixed");
        }
    }

    @Test
    void goesOnFromAFlinkCheckpoint() throws Exception {
        SchedulerSettings settings = SchedulerHarness.settings("plover.idle", TriggerPlacement.JOB);
        OperatorSubtaskState snapshot;
        StandingPlan before;
        long stoppedAtMicros;
        try (SchedulerHarness first = new SchedulerHarness(settings)) {
            first.send(Inbounds.of(Intents.choose("plover.idle", TriggerPlacement.JOB, OptionalLong.empty())));
            first.send(idle(first, 7, 3));
            first.send(idle(first, 7, 4));
            before = first.sent().plans().get(0);
            snapshot = first.snapshot();
            stoppedAtMicros = first.nowMicros();
        }
        try (SchedulerHarness second = new SchedulerHarness(settings, stoppedAtMicros + 60_000_000, snapshot)) {
            second.advanceMillis(1);
            assertThat(second.sent().decisions())
                    .as("the job's own absence is no silence")
                    .isEmpty();
            second.send(idle(second, 7, 5));
            Sent sent = second.sent();

            assertThat(sent.ends()).as("epoch 7 was ended before").isEmpty();
            assertThat(sent.plans().get(0).plan().planId())
                    .isGreaterThan(before.plan().planId());
            assertThat(sent.plans().get(0).plan().plan().maxEpochNanos()).isEqualTo(60_000_000);
        }
    }

    @Test
    void aRestartSaysThePlanAgainAtOnceForNobodyKnowsWhetherItHadBeenWritten() throws Exception {
        SchedulerSettings settings = SchedulerHarness.settings("remus.fixed", TriggerPlacement.HOST);
        OperatorSubtaskState snapshot;
        long stoppedAtMicros;
        try (SchedulerHarness first = new SchedulerHarness(settings)) {
            first.send(busy(first));
            assertThat(first.sent().plans()).hasSize(1);
            snapshot = first.snapshot();
            stoppedAtMicros = first.nowMicros();
        }
        try (SchedulerHarness second = new SchedulerHarness(settings, stoppedAtMicros + 1, snapshot)) {
            second.send(busy(second));
            second.send(busy(second));
            assertThat(second.sent().plans()).hasSize(1);
            assertThat(second.sent().decisions()).as("it is the same plan").isEmpty();
        }
    }

    @Test
    void planIdsGrowWhenTheJobStartsOverWithoutItsState() throws Exception {
        SchedulerSettings settings = SchedulerHarness.settings("remus.fixed", TriggerPlacement.HOST);
        long before;
        long stoppedAtMicros;
        try (SchedulerHarness first = new SchedulerHarness(settings)) {
            first.send(busy(first));
            before = first.sent().plans().get(0).plan().planId();
            first.advanceMillis(1);
            stoppedAtMicros = first.nowMicros();
        }
        try (SchedulerHarness second = new SchedulerHarness(settings, stoppedAtMicros, null)) {
            second.send(busy(second));
            assertThat(second.sent().plans().get(0).plan().planId()).isGreaterThan(before);
        }
    }
}
