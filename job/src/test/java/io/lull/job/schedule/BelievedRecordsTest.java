package io.lull.job.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.Intents;
import io.lull.job.fixture.Reports;
import io.lull.job.fixture.Samples;
import io.lull.job.monitor.JobMetric;
import io.lull.job.schedule.SchedulerHarness.Sent;
import io.lull.job.stream.HostClock;
import io.lull.job.stream.Inbound;
import io.lull.policy.OperatorIntent;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.signal.VmSample;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What the scheduler makes of records that come twice, late, from two hosts, of nobody it knows, or at an absurd time. */
class BelievedRecordsTest {
    private static final long HOUR_MICROS = 3_600_000_000L;

    private static SchedulerHarness idleInJob() throws Exception {
        return new SchedulerHarness(SchedulerHarness.settings("plover.idle", TriggerPlacement.JOB));
    }

    /** Three milliseconds of an idle slot as {@code host} sees it, whose clock is ahead by {@code aheadMicros}. */
    private static void slot(SchedulerHarness harness, String host, long epoch, long aheadMicros) throws Exception {
        for (int elapsed = 3; elapsed <= 5; elapsed++) {
            VmSample sample = Samples.idle(epoch, elapsed, harness.nowMicros() + aheadMicros);
            harness.send(Inbounds.appendedAt(harness.nowMicros() / 1000, Samples.on(host, sample)));
            harness.advanceMillis(1);
        }
    }

    @Test
    void aSampleThatComesAgainOrLateIsCountedAndChangesNothing() throws Exception {
        try (SchedulerHarness once = idleInJob();
                SchedulerHarness twice = idleInJob()) {
            for (SchedulerHarness harness : List.of(once, twice)) {
                for (int elapsed = 1; elapsed <= 9; elapsed++) {
                    Inbound sample = Inbounds.of(Samples.idle(7, elapsed, harness.nowMicros()));
                    harness.send(sample);
                    if (harness == twice) {
                        harness.send(sample);
                        harness.send(Inbounds.of(Samples.busy(7, elapsed - 1, harness.nowMicros() - 1000)));
                        harness.send(Inbounds.of(Samples.busy(6, 20, harness.nowMicros() - 9000)));
                    }
                    harness.advanceMillis(1);
                }
            }
            assertThat(twice.sent()).isEqualTo(once.sent());
            assertThat(twice.count(JobMetric.DUPLICATES)).isEqualTo(9);
            assertThat(twice.count(JobMetric.REORDERED)).isEqualTo(18);
            assertThat(once.count(JobMetric.DUPLICATES)).isZero();
        }
    }

    @Test
    void aReportThatComesAgainIsLearnedOnce() throws Exception {
        try (SchedulerHarness once = new SchedulerHarness(SchedulerHarness.settings("lull", TriggerPlacement.HOST));
                SchedulerHarness twice =
                        new SchedulerHarness(SchedulerHarness.settings("lull", TriggerPlacement.HOST))) {
            for (SchedulerHarness harness : List.of(once, twice)) {
                harness.send(Inbounds.of(Samples.busy(1, 4, harness.nowMicros())));
                for (int epoch = 1; epoch <= 30; epoch++) {
                    Inbound report = Inbounds.of(Reports.report(epoch, harness.nowMicros() + epoch, epoch * 100_000L));
                    harness.send(report);
                    if (harness == twice) {
                        harness.send(report);
                    }
                }
                harness.advanceMillis(600);
                harness.send(Inbounds.of(Samples.busy(31, 4, harness.nowMicros())));
            }
            assertThat(twice.sent().plans()).isEqualTo(once.sent().plans());
            assertThat(twice.count(JobMetric.DUPLICATES)).isEqualTo(30);
        }
    }

    @Test
    void whileTwoHostsReportAVmOnlyTheNewcomersEpochsAreEnded() throws Exception {
        try (SchedulerHarness harness = idleInJob()) {
            slot(harness, "old", 7, 0);
            assertThat(harness.sent().ends()).extracting(EndEpoch::epoch).containsExactly(7L);
            slot(harness, "new", 7, 0);
            slot(harness, "old", 8, 0);
            harness.send(Inbounds.of(Reports.on("old", 8, harness.nowMicros(), 1000)));
            slot(harness, "new", 8, 0);

            assertThat(harness.sent().ends())
                    .as("epoch 7 of the new host is another than that of the old")
                    .extracting(EndEpoch::epoch)
                    .containsExactly(7L, 8L);
            assertThat(harness.count(JobMetric.MOVES)).isEqualTo(1);
            assertThat(harness.count(JobMetric.OTHER_HOST)).isEqualTo(4);
        }
    }

    @Test
    void aWorkerThatBeginsAnewHasItsEpochsEndedAgain() throws Exception {
        try (SchedulerHarness harness = idleInJob()) {
            slot(harness, "a", 1, 0);
            slot(harness, "a", 2, 0);
            harness.sent();
            slot(harness, "a", 1, 0);

            assertThat(harness.sent().ends()).extracting(EndEpoch::epoch).containsExactly(1L);
            assertThat(harness.count(JobMetric.RESTARTS)).isEqualTo(1);
        }
    }

    @Test
    void aReportOfAVmThatNoSampleCameOfIsCountedAndLeavesNothingBehind() throws Exception {
        try (SchedulerHarness harness = idleInJob()) {
            harness.send(Inbounds.of(Reports.report(7, harness.nowMicros(), 1000)));

            assertThat(harness.count(JobMetric.UNKNOWN_VM)).isEqualTo(1);
            assertThat(harness.states()).isZero();
            assertThat(harness.timers()).isZero();
            assertThat(harness.sent()).isEqualTo(new Sent(List.of(), List.of(), List.of()));
        }
    }

    @Test
    void anIntentForAVmThatNoSampleCameOfIsCountedAndWaitsForIt() throws Exception {
        try (SchedulerHarness harness = idleInJob()) {
            harness.send(Inbounds.of(Intents.pin(10_000_000, OptionalLong.empty())));
            assertThat(harness.count(JobMetric.UNKNOWN_VM)).isEqualTo(1);
            slot(harness, "a", 7, 0);

            assertThat(harness.sent().plans().get(0).plan().plan().maxEpochNanos())
                    .isEqualTo(10_000_000);
        }
    }

    @Test
    void aHostWhoseClockIsAnHourOffIsScheduledLikeAnyOther() throws Exception {
        for (long offMicros : new long[] {HOUR_MICROS, -HOUR_MICROS}) {
            try (SchedulerHarness harness = idleInJob()) {
                slot(harness, "a", 7, offMicros);
                Sent sent = harness.sent();

                assertThat(sent.ends()).as("off by %s us", offMicros).hasSize(1);
                assertThat(sent.plans().get(0).plan().leaseUntilMicros())
                        .as("by the clock of the host that will judge it")
                        .isEqualTo(SchedulerHarness.START_MICROS + offMicros + 2_000_000);
            }
        }
        assertThat(Inbounds.appendedAt(0, Samples.busy(1, 1, HOUR_MICROS)).clock())
                .as("the fixture's clock is off")
                .isEqualTo(HostClock.AHEAD);
    }

    @Test
    void anIntentThatIsWithdrawnIsNoLongerInForce() throws Exception {
        try (SchedulerHarness harness = idleInJob()) {
            OperatorIntent pin = Intents.pin(10_000_000, OptionalLong.empty());
            slot(harness, "a", 7, 0);
            harness.send(Inbounds.of(pin));
            slot(harness, "a", 8, 0);
            harness.sent();
            harness.send(Inbounds.withdrawalOf(pin));
            slot(harness, "a", 9, 0);

            assertThat(harness.sent().plans()).singleElement().satisfies(sent -> assertThat(
                            sent.plan().plan().maxEpochNanos())
                    .isEqualTo(50_000_000));
        }
    }
}
