package io.lull.job.schedule;

import io.lull.job.admit.Verdict;
import io.lull.job.monitor.JobMetric;
import io.lull.policy.TriggerReason;
import io.lull.policy.signal.EpochReport;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;

/** What the scheduler counts and measures over all VMs of its subtask. */
final class SchedulerMeters {
    final Counter commands;
    final Counter decisions;
    final Counter silences;
    final Counter forgotten;
    final Counter intentsRejected;
    final Counter unknownVm;
    private final Map<Verdict, Counter> byVerdict = new EnumMap<>(Verdict.class);
    private final Histogram sampleToCommand;
    private final Histogram appendToCommand;
    private final Histogram sampleToFiring;

    SchedulerMeters(MetricGroup group, LiveVms lives) {
        commands = JobMetric.COMMANDS.counter(group);
        decisions = JobMetric.DECISIONS.counter(group);
        silences = JobMetric.SILENCES.counter(group);
        forgotten = JobMetric.FORGOTTEN.counter(group);
        intentsRejected = JobMetric.INTENTS_REJECTED.counter(group);
        unknownVm = JobMetric.UNKNOWN_VM.counter(group);
        byVerdict.put(Verdict.UNKNOWN_VM, unknownVm);
        byVerdict.put(Verdict.DUPLICATE, JobMetric.DUPLICATES.counter(group));
        byVerdict.put(Verdict.REORDERED, JobMetric.REORDERED.counter(group));
        byVerdict.put(Verdict.OTHER_HOST, JobMetric.OTHER_HOST.counter(group));
        byVerdict.put(Verdict.MOVED, JobMetric.MOVES.counter(group));
        byVerdict.put(Verdict.RESTARTED, JobMetric.RESTARTS.counter(group));
        JobMetric.VMS.gauge(group, lives::size);
        JobMetric.VMS_PAUSED.gauge(group, lives::paused);
        JobMetric.VMS_ADVISED.gauge(group, lives::advised);
        sampleToCommand = JobMetric.SAMPLE_TO_COMMAND.histogram(group);
        appendToCommand = JobMetric.APPEND_TO_COMMAND.histogram(group);
        sampleToFiring = JobMetric.SAMPLE_TO_FIRING.histogram(group);
    }

    /** Counts a verdict, unless it is the ordinary one. */
    void count(Verdict verdict) {
        Counter counter = byVerdict.get(verdict);
        if (counter != null) {
            counter.inc();
        }
    }

    /** A command goes out, on this sample. */
    void onCommand(long sampledAtMicros, long appendedMillis, long nowMicros) {
        commands.inc();
        sampleToCommand.update(nowMicros - sampledAtMicros);
        appendToCommand.update(nowMicros / 1000 - appendedMillis);
    }

    /** Measures how long a command that a report tells of took. */
    void onReport(EpochReport report) {
        if (report.reason() == TriggerReason.COMMAND) {
            sampleToFiring.update(report.trigger().signalToDecisionNanos() / 1000);
        }
    }
}
