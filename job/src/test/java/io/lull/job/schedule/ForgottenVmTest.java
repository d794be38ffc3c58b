package io.lull.job.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.Intents;
import io.lull.job.fixture.Reports;
import io.lull.job.fixture.Samples;
import io.lull.job.monitor.JobMetric;
import io.lull.policy.OperatorIntent;
import io.lull.policy.OperatorIntent.Kind;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.policy.registry.PolicyRegistry;
import java.util.OptionalLong;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is left of a VM that samples no longer come of. */
class ForgottenVmTest {
    private static final SchedulerSettings SETTINGS = SchedulerHarness.settings("remus.fixed", TriggerPlacement.HOST);
    private static final long FORGET_MILLIS = SchedulerHarness.FORGET_MICROS / 1000;

    private static void live(SchedulerHarness harness, int samples) throws Exception {
        for (int i = 0; i < samples; i++) {
            harness.send(Inbounds.of(Samples.busy(1 + i, 4, harness.nowMicros())));
            harness.send(Inbounds.of(Reports.report(1 + i, harness.nowMicros(), 1000)));
            harness.advanceMillis(10);
        }
    }

    private static void order(SchedulerHarness harness, OperatorIntent intent) throws Exception {
        harness.send(Inbounds.of(intent));
    }

    @Test
    void nothingIsLeftWhateverPoliciesItRan() throws Exception {
        try (SchedulerHarness harness = new SchedulerHarness(SETTINGS)) {
            for (String policy : PolicyRegistry.standard().names()) {
                OptionalLong soon = OptionalLong.of(harness.nowMicros() + 30_000);
                order(harness, Intents.choose(policy, TriggerPlacement.JOB, soon));
                live(harness, 5);
            }
            assertThat(harness.states()).as("its state, orders and a timer").isEqualTo(3);
            harness.advanceMillis(FORGET_MILLIS - 100);
            assertThat(harness.states()).as("not yet").isEqualTo(3);
            assertThat(harness.timers()).isEqualTo(1);
            harness.advanceMillis(200);

            assertThat(harness.states()).isZero();
            assertThat(harness.timers()).isZero();
            assertThat(harness.count(JobMetric.FORGOTTEN)).isEqualTo(1);
            assertThat(harness.gauge(JobMetric.VMS)).isZero();
        }
    }

    @Test
    void aVmThatComesBackInTimeIsRemembered() throws Exception {
        try (SchedulerHarness harness = new SchedulerHarness(SETTINGS)) {
            live(harness, 5);
            harness.advanceMillis(FORGET_MILLIS - 1000);
            int before = harness.states();
            live(harness, 5);
            harness.advanceMillis(FORGET_MILLIS - 1000);

            assertThat(harness.states()).isEqualTo(before);
            assertThat(harness.timers()).isEqualTo(1);
            assertThat(harness.count(JobMetric.FORGOTTEN)).isZero();
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aClockThatIsSetBackLetsRecordsInAndSilenceIsHeardOfAgain() throws Exception {
        try (SchedulerHarness harness = new SchedulerHarness(SETTINGS)) {
            live(harness, 5);
            long beforeMicros = harness.nowMicros();
            harness.setBackMillis(3_600_000);
            live(harness, 1);
            harness.fireUpTo(beforeMicros + 10_000_000);
            assertThat(harness.timers()).isEqualTo(1);
            harness.sent();

            live(harness, 200);
            assertThat(harness.sent().plans()).as("its plan is sent again").isNotEmpty();
            harness.advanceMillis(FORGET_MILLIS + 100);
            assertThat(harness.count(JobMetric.FORGOTTEN)).isEqualTo(1);
            assertThat(harness.timers()).isZero();
        }
    }

    @Test
    void itsOrdersStayUntilTheyExpireAndHoldWhenItComesBack() throws Exception {
        try (SchedulerHarness harness = new SchedulerHarness(SETTINGS)) {
            live(harness, 5);
            long expiresAtMicros = harness.nowMicros() + 3 * SchedulerHarness.FORGET_MICROS;
            order(harness, Intents.pin(10_000_000, OptionalLong.of(expiresAtMicros)));
            harness.advanceMillis(2 * FORGET_MILLIS);
            assertThat(harness.states()).as("the orders, and their timer").isEqualTo(2);
            harness.sent();
            live(harness, 1);
            assertThat(harness.sent().plans().get(0).plan().plan().maxEpochNanos())
                    .isEqualTo(10_000_000);

            harness.advanceMillis(4 * FORGET_MILLIS);
            assertThat(harness.states()).isZero();
            assertThat(harness.timers()).isZero();
        }
    }

    @Test
    void ordersOfAVmThatNeverCameGoWhenTheyExpireAndThoseThatDoNotExpireStay() throws Exception {
        try (SchedulerHarness harness = new SchedulerHarness(SETTINGS)) {
            order(harness, Intents.order(Kind.PAUSE, OptionalLong.of(harness.nowMicros() + 1_000_000)));
            order(harness, Intents.order(Kind.ADVICE, OptionalLong.of(harness.nowMicros() + 2_000_000)));
            harness.advanceMillis(1500);
            assertThat(harness.states()).isEqualTo(2);
            harness.advanceMillis(1000);
            assertThat(harness.states()).isZero();
            assertThat(harness.timers()).isZero();

            order(harness, Intents.order(Kind.ADVICE, OptionalLong.empty()));
            harness.advanceMillis(100 * FORGET_MILLIS);
            assertThat(harness.states()).as("the topic keeps it for ever too").isEqualTo(1);
            order(harness, Intents.order(Kind.PAUSE, OptionalLong.empty()));
            order(harness, Intents.order(Kind.RESUME, OptionalLong.empty()));
            harness.send(Inbounds.withdrawalOf(Intents.order(Kind.ADVICE, OptionalLong.empty())));
            assertThat(harness.states()).isZero();
        }
    }

    @Test
    void theJobsOwnAbsenceForgetsNobody() throws Exception {
        OperatorSubtaskState snapshot;
        long stoppedAtMicros;
        try (SchedulerHarness first = new SchedulerHarness(SETTINGS)) {
            live(first, 5);
            snapshot = first.snapshot();
            stoppedAtMicros = first.nowMicros();
        }
        long startMicros = stoppedAtMicros + 10 * SchedulerHarness.FORGET_MICROS;
        try (SchedulerHarness second = new SchedulerHarness(SETTINGS, startMicros, snapshot)) {
            second.advanceMillis(1);
            assertThat(second.count(JobMetric.FORGOTTEN)).isZero();
            second.advanceMillis(FORGET_MILLIS + 10);
            assertThat(second.count(JobMetric.FORGOTTEN)).isEqualTo(1);
            assertThat(second.states()).isZero();
            assertThat(second.timers()).isZero();
        }
    }

    @Test
    void planIdsOfAVmThatWasForgottenGoOnGrowing() throws Exception {
        try (SchedulerHarness harness = new SchedulerHarness(SETTINGS)) {
            live(harness, 1);
            StandingPlan before = harness.sent().plans().get(0);
            harness.advanceMillis(2 * FORGET_MILLIS);
            harness.sent();
            live(harness, 1);

            assertThat(harness.sent().plans().get(0).plan().planId())
                    .isGreaterThan(before.plan().planId());
        }
    }
}
