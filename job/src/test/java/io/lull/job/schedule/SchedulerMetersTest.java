package io.lull.job.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.Intents;
import io.lull.job.fixture.Reports;
import io.lull.job.fixture.Samples;
import io.lull.job.monitor.JobMetric;
import io.lull.job.monitor.JobMetric.Operator;
import io.lull.job.schedule.SchedulerHarness.Sent;
import io.lull.policy.OperatorIntent.Kind;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.registry.PolicyRegistry;
import io.lull.policy.signal.EpochReport;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.metrics.HistogramStatistics;
import org.junit.jupiter.api.Test;

class SchedulerMetersTest {
    private static final long HOST_AHEAD_MICROS = 7000;

    private static SchedulerHarness inJob() throws Exception {
        return new SchedulerHarness(SchedulerHarness.settings("plover.idle", TriggerPlacement.JOB));
    }

    @Test
    void registersWhatIsDocumentedAndNothingByVm() throws Exception {
        try (SchedulerHarness harness = inJob()) {
            harness.send(Inbounds.of(Samples.busy(7, 4, harness.nowMicros())));
            Set<String> expected = new TreeSet<>();
            JobMetric.of(Operator.SCHEDULE).forEach(metric -> expected.add(metric.label()));
            for (String policy : PolicyRegistry.standard().names()) {
                JobMetric.of(Operator.POLICY).forEach(metric -> expected.add(metric.label() + " of " + policy));
            }

            assertThat(harness.metrics().names()).containsAll(expected).noneMatch(name -> name.contains("vm-1"));
        }
    }

    @Test
    void countsWhatGoesOut() throws Exception {
        try (SchedulerHarness harness = inJob()) {
            for (int elapsed = 3; elapsed <= 9; elapsed++) {
                harness.send(Inbounds.of(Samples.idle(7, elapsed, harness.nowMicros())));
                harness.advanceMillis(100);
            }
            harness.advanceMillis(5000);
            Sent sent = harness.sent();

            assertThat(harness.count(JobMetric.COMMANDS))
                    .isEqualTo(sent.plans().size() + sent.ends().size());
            assertThat(harness.count(JobMetric.DECISIONS))
                    .isEqualTo(sent.decisions().size());
            assertThat(harness.count(JobMetric.SILENCES)).isEqualTo(1);
        }
    }

    @Test
    void showsHowManyVmsAreThereAndHowManyArePaused() throws Exception {
        try (SchedulerHarness harness = inJob()) {
            harness.send(Inbounds.of(Samples.busy(7, 4, harness.nowMicros())));
            harness.send(Inbounds.of(Intents.order(Kind.PAUSE, OptionalLong.of(harness.nowMicros() + 100_000))));
            assertThat(harness.gauge(JobMetric.VMS)).isEqualTo(1);
            assertThat(harness.gauge(JobMetric.VMS_PAUSED)).isEqualTo(1);
            harness.advanceMillis(200);
            harness.send(Inbounds.of(Samples.busy(7, 5, harness.nowMicros())));
            assertThat(harness.gauge(JobMetric.VMS_PAUSED)).isZero();
            harness.advanceMillis(5000);
            assertThat(harness.gauge(JobMetric.VMS)).as("silent").isZero();
        }
    }

    @Test
    void measuresFromSampleToCommandAcrossTheClocksAndFromTheBrokersAppendWithoutTheHosts() throws Exception {
        try (SchedulerHarness harness = inJob()) {
            long sampledAtMicros = harness.nowMicros() + HOST_AHEAD_MICROS;
            long appendedMillis = harness.nowMicros() / 1000 + 1;
            harness.advanceMillis(4);
            harness.send(Inbounds.appendedAt(appendedMillis, Samples.busy(7, 4, sampledAtMicros)));

            assertThat(statistics(harness, JobMetric.SAMPLE_TO_COMMAND).getMax())
                    .as("4 ms on, by a clock that is 7 ms behind the host's")
                    .isEqualTo(-3000);
            assertThat(statistics(harness, JobMetric.APPEND_TO_COMMAND).getMax())
                    .isEqualTo(3);
        }
    }

    @Test
    void measuresTheWholeWayByTheHostsOwnClockFromReportsOfCommands() throws Exception {
        try (SchedulerHarness harness = inJob()) {
            harness.send(Inbounds.of(Samples.busy(7, 4, harness.nowMicros())));
            harness.send(Inbounds.of(firedOn(7, TriggerReason.COMMAND, 2_500_000, harness.nowMicros())));
            harness.send(Inbounds.of(firedOn(8, TriggerReason.IDLE_SLOT, 9_000_000, harness.nowMicros())));

            assertThat(statistics(harness, JobMetric.SAMPLE_TO_FIRING).size()).isEqualTo(1);
            assertThat(statistics(harness, JobMetric.SAMPLE_TO_FIRING).getMax()).isEqualTo(2500);
        }
    }

    private static HistogramStatistics statistics(SchedulerHarness harness, JobMetric metric) {
        return harness.metrics().histogram(metric).getStatistics();
    }

    private static EpochReport firedOn(long epoch, TriggerReason reason, long signalToDecisionNanos, long atMicros) {
        EpochReport base = Reports.report(epoch, atMicros, 1000);
        return new EpochReport(
                base.vm(),
                base.hostId(),
                epoch,
                base.decisionId(),
                reason,
                atMicros,
                base.lengthNanos(),
                base.pause(),
                base.pages(),
                base.dirtyPagesPerVcpu(),
                base.bytes(),
                base.stages(),
                base.held(),
                new EpochReport.Trigger(signalToDecisionNanos, 1000, 0.5),
                base.codec(),
                base.threads());
    }
}
