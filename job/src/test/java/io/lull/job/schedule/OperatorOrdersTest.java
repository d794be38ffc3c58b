package io.lull.job.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.Intents;
import io.lull.job.fixture.Samples;
import io.lull.job.schedule.SchedulerHarness.Sent;
import io.lull.policy.Decision;
import io.lull.policy.OperatorIntent;
import io.lull.policy.OperatorIntent.Kind;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/** What an operator orders beside a policy and an interval. */
class OperatorOrdersTest {
    private static final OptionalLong FOR_EVER = OptionalLong.empty();
    private static final SchedulerSettings IN_JOB = SchedulerHarness.settings("plover.idle", TriggerPlacement.JOB);
    private static final SchedulerSettings FIXED = SchedulerHarness.settings("remus.fixed", TriggerPlacement.HOST);

    private static void order(SchedulerHarness harness, OperatorIntent intent) throws Exception {
        harness.send(Inbounds.of(intent));
    }

    /** Three milliseconds of an idle slot, from 3 ms after the resume. */
    private static void slot(SchedulerHarness harness, long epoch) throws Exception {
        for (int elapsed = 3; elapsed <= 5; elapsed++) {
            harness.send(Inbounds.of(Samples.idle(epoch, elapsed, harness.nowMicros())));
            harness.advanceMillis(1);
        }
    }

    private static OptionalLong inMillis(SchedulerHarness harness, long millis) {
        return OptionalLong.of(harness.nowMicros() + millis * 1000);
    }

    private static OperatorIntent interval(long nanos, OptionalLong expiresAtMicros) {
        return Intents.objectives(OptionalLong.of(nanos), Optional.empty(), Targets.NONE, expiresAtMicros);
    }

    @Test
    void aPauseStopsPlansAndCommandsUntilTheResumeAndIsRecordedOnce() throws Exception {
        try (SchedulerHarness harness = new SchedulerHarness(IN_JOB)) {
            slot(harness, 7);
            harness.sent();
            order(harness, Intents.order(Kind.PAUSE, FOR_EVER));
            slot(harness, 8);
            harness.advanceMillis(600);
            slot(harness, 9);
            Sent paused = harness.sent();

            assertThat(paused.plans()).isEmpty();
            assertThat(paused.ends()).isEmpty();
            assertThat(paused.decisions()).singleElement().satisfies(decision -> {
                assertThat(decision.kind()).isEqualTo(Decision.Kind.NONE);
                assertThat(decision.guards()).containsExactly("pause");
                assertThat(decision.reason()).hasToString("paused by ada: trial");
            });

            order(harness, Intents.order(Kind.RESUME, FOR_EVER));
            slot(harness, 10);
            Sent resumed = harness.sent();
            assertThat(resumed.plans()).hasSize(1);
            assertThat(resumed.ends()).hasSize(1);
            assertThat(harness.rejected()).isEmpty();
        }
    }

    @Test
    void aPauseEndsByItselfWhenItExpiresAndOutlivesARestartUntilThen() throws Exception {
        OperatorSubtaskState snapshot;
        long stoppedAtMicros;
        try (SchedulerHarness first = new SchedulerHarness(FIXED)) {
            slot(first, 7);
            order(first, Intents.order(Kind.PAUSE, inMillis(first, 100)));
            snapshot = first.snapshot();
            stoppedAtMicros = first.nowMicros();
        }
        try (SchedulerHarness second = new SchedulerHarness(FIXED, stoppedAtMicros, snapshot)) {
            slot(second, 8);
            assertThat(second.sent().plans()).isEmpty();
            second.advanceMillis(100);
            slot(second, 9);
            assertThat(second.sent().plans()).hasSize(1);
        }
    }

    @Test
    void objectivesHoldAtOnceUntilTheyExpireAndComeBeforeThoseOfAChoice() throws Exception {
        try (SchedulerHarness harness = new SchedulerHarness(FIXED)) {
            slot(harness, 7);
            harness.sent();
            order(harness, interval(10_000_000, inMillis(harness, 100)));
            slot(harness, 8);
            assertThat(harness.sent().plans()).singleElement().satisfies(sent -> assertThat(
                            sent.plan().plan().maxEpochNanos())
                    .isEqualTo(10_000_000));

            order(harness, Intents.choose("plover.idle", TriggerPlacement.BOTH, FOR_EVER));
            order(
                    harness,
                    Intents.objectives(
                            OptionalLong.empty(),
                            Optional.of(TriggerPlacement.JOB),
                            Targets.outputDelay(8_000_000),
                            inMillis(harness, 100)));
            slot(harness, 9);
            assertThat(harness.sent().plans()).singleElement().satisfies(sent -> {
                assertThat(sent.plan().plan().placement()).isEqualTo(TriggerPlacement.JOB);
                assertThat(sent.plan().plan().maxEpochNanos()).isEqualTo(60_000_000);
            });

            harness.advanceMillis(100);
            slot(harness, 10);
            assertThat(harness.sent().plans()).singleElement().satisfies(sent -> assertThat(
                            sent.plan().plan().placement())
                    .isEqualTo(TriggerPlacement.BOTH));
        }
    }

    @Test
    void threadsThatAreGrantedAreInTheNextPlanUntilTheyAreNotAskedForAnyMore() throws Exception {
        try (SchedulerHarness harness = new SchedulerHarness(FIXED)) {
            slot(harness, 7);
            assertThat(harness.sent().plans())
                    .singleElement()
                    .satisfies(plan -> assertThat(plan.plan().encodeThreads()).isEmpty());
            Targets two =
                    new Targets(OptionalLong.empty(), OptionalDouble.empty(), OptionalLong.empty(), OptionalInt.of(2));
            order(harness, Intents.objectives(OptionalLong.empty(), Optional.empty(), two, inMillis(harness, 1_500)));
            harness.advanceMillis(1_000);
            slot(harness, 8);
            assertThat(harness.sent().plans())
                    .singleElement()
                    .satisfies(plan -> assertThat(plan.plan().encodeThreads()).hasValue(2));
            harness.advanceMillis(1_000);
            slot(harness, 9);
            assertThat(harness.sent().plans())
                    .singleElement()
                    .satisfies(plan -> assertThat(plan.plan().encodeThreads()).isEmpty());
        }
    }

    @Test
    void anExclusionKeepsThePlanInForceWhateverIsOrderedUntilItExpires() throws Exception {
        try (SchedulerHarness harness = new SchedulerHarness(FIXED)) {
            slot(harness, 7);
            long decisionId = harness.sent().plans().get(0).decisionId();
            order(harness, Intents.order(Kind.EXCLUDE, inMillis(harness, 800)));
            order(harness, Intents.pin(10_000_000, FOR_EVER));
            order(harness, Intents.choose("plover.idle", TriggerPlacement.JOB, FOR_EVER));
            slot(harness, 8);
            harness.advanceMillis(600);
            slot(harness, 9);
            Sent kept = harness.sent();

            assertThat(kept.decisions()).isEmpty();
            assertThat(kept.plans()).as("it is sent again, else it would lapse").hasSize(1);
            assertThat(kept.plans().get(0).decisionId()).isEqualTo(decisionId);
            assertThat(kept.plans().get(0).plan().plan().maxEpochNanos()).isEqualTo(25_000_000);
            assertThat(kept.plans().get(0).plan().plan().reason()).hasToString("fixed interval of 25000 us");

            harness.advanceMillis(300);
            slot(harness, 10);
            assertThat(harness.sent().plans().get(0).plan().plan().maxEpochNanos())
                    .isEqualTo(10_000_000);
        }
    }

    @Test
    void anExclusionKeepsThePlanOverARestartOfTheJob() throws Exception {
        OperatorSubtaskState snapshot;
        long stoppedAtMicros;
        try (SchedulerHarness first = new SchedulerHarness(IN_JOB)) {
            slot(first, 7);
            order(first, Intents.order(Kind.EXCLUDE, inMillis(first, 60_000)));
            order(first, Intents.pin(10_000_000, FOR_EVER));
            snapshot = first.snapshot();
            stoppedAtMicros = first.nowMicros();
        }
        try (SchedulerHarness second = new SchedulerHarness(IN_JOB, stoppedAtMicros + 600_000, snapshot)) {
            slot(second, 8);
            Sent sent = second.sent();

            assertThat(sent.plans().get(0).plan().plan().idleRule()).isPresent();
            assertThat(sent.plans().get(0).plan().plan().maxEpochNanos()).isEqualTo(50_000_000);
            assertThat(sent.ends()).hasSize(1);
            assertThat(sent.decisions()).singleElement().satisfies(decision -> assertThat(decision.guards())
                    .containsExactly("exclusion"));
        }
    }

    @Test
    void adviceIsRecordedAndNotSentAndWhatFollowsItIsSentAtOnce() throws Exception {
        try (SchedulerHarness harness = new SchedulerHarness(IN_JOB)) {
            order(harness, Intents.order(Kind.ADVICE, inMillis(harness, 700)));
            slot(harness, 7);
            harness.advanceMillis(600);
            slot(harness, 8);
            Sent advice = harness.sent();

            assertThat(advice.plans()).isEmpty();
            assertThat(advice.ends()).isEmpty();
            assertThat(advice.decisions())
                    .as("a plan, and the end of two epochs")
                    .hasSize(3);
            assertThat(advice.decisions()).allSatisfy(decision -> {
                assertThat(decision.kind()).isEqualTo(Decision.Kind.NONE);
                assertThat(decision.guards()).contains("advice");
                assertThat(decision.reason().toString()).contains("advice only, asked by ada: trial");
            });

            harness.advanceMillis(100);
            slot(harness, 9);
            Sent after = harness.sent();
            assertThat(after.plans()).hasSize(1);
            assertThat(after.ends()).hasSize(1);
            assertThat(after.decisions())
                    .extracting(Decision::kind)
                    .containsOnly(Decision.Kind.PLAN, Decision.Kind.CHECKPOINT);
        }
    }
}
