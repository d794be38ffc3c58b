package io.lull.job.monitor;

import java.util.List;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * What the job measures of itself, beside what Flink and the Kafka connector measure. All metrics of operators are
 * registered from here, and the table in the README is generated from here. None is kept by VM: Flink can't take the
 * metrics of a VM that is gone away again.
 */
public enum JobMetric {
    CLOCK_AHEAD(
            "clockAhead",
            Kind.COUNTER,
            Operator.TRIAGE,
            "records whose host's clock is over 100 ms ahead of the"
                    + " broker's; their windows go by the append time"),
    CLOCK_BEHIND(
            "clockBehind",
            Kind.COUNTER,
            Operator.TRIAGE,
            "records whose host's clock is over 5 s behind, or that"
                    + " were under way for so long; their windows go by the append time"),
    REJECTED(
            "rejected",
            Kind.COUNTER,
            Operator.TRIAGE,
            "records that could not be read, written to the topic of" + " rejected ones"),

    COMMANDS("commands", Kind.COUNTER, Operator.SCHEDULE, "commands written, plans that were sent again included"),
    DECISIONS("decisions", Kind.COUNTER, Operator.SCHEDULE, "decisions written"),
    SILENCES("silences", Kind.COUNTER, Operator.SCHEDULE, "VMs whose telemetry fell silent, so that their plans lapse"),
    FORGOTTEN(
            "forgotten",
            Kind.COUNTER,
            Operator.SCHEDULE,
            "VMs that were silent for so long that all that was learned" + " of them was dropped"),
    INTENTS_REJECTED(
            "intentsRejected",
            Kind.COUNTER,
            Operator.SCHEDULE,
            "intents that can't be followed, written to the" + " topic of rejected ones"),
    UNKNOWN_VM(
            "unknownVm",
            Kind.COUNTER,
            Operator.SCHEDULE,
            "reports and intents for a VM that no sample has come of;"
                    + " the reports are passed over, the intents kept"),
    DUPLICATES("duplicates", Kind.COUNTER, Operator.SCHEDULE, "samples and reports that came again, passed over"),
    REORDERED(
            "reordered",
            Kind.COUNTER,
            Operator.SCHEDULE,
            "samples and reports that came after a later one, passed" + " over"),
    OTHER_HOST(
            "otherHost",
            Kind.COUNTER,
            Operator.SCHEDULE,
            "samples and reports of a host that is not believed of the" + " VM, passed over"),
    MOVES("moves", Kind.COUNTER, Operator.SCHEDULE, "times that another host came to be believed of a VM"),
    RESTARTS("restarts", Kind.COUNTER, Operator.SCHEDULE, "times that a worker began to count its epochs anew"),
    VMS("vms", Kind.GAUGE, Operator.SCHEDULE, "VMs that samples come of"),
    VMS_PAUSED("vmsPaused", Kind.GAUGE, Operator.SCHEDULE, "those of them whose control an operator has paused"),
    VMS_ADVISED(
            "vmsAdvised",
            Kind.GAUGE,
            Operator.SCHEDULE,
            "those of them for which an operator asked for advice" + " only"),
    SAMPLE_TO_COMMAND(
            "sampleToCommandMicros",
            Kind.HISTOGRAM,
            Operator.SCHEDULE,
            "from the end of the sample, by its"
                    + " host's clock, to the command, by this machine's: the difference of the two clocks is in it, and may make"
                    + " it negative"),
    APPEND_TO_COMMAND(
            "appendToCommandMillis",
            Kind.HISTOGRAM,
            Operator.SCHEDULE,
            "from the broker's append time to the"
                    + " command, in whole milliseconds: the hosts' clocks are not in it"),
    SAMPLE_TO_FIRING(
            "sampleToFiringMicros",
            Kind.HISTOGRAM,
            Operator.SCHEDULE,
            "from the end of the sample until the"
                    + " worker fired on the command, as its report says: the whole way there and back by one clock"),

    LATE("late", Kind.COUNTER, Operator.METRICS, "records that came when their windows were out"),
    REPEATED("repeated", Kind.COUNTER, Operator.METRICS, "records that were in the windows before"),
    EARLY(
            "early",
            Kind.COUNTER,
            Operator.METRICS,
            "reports left out of the windows because they came long before their VM's samples: a backlog is worked off"),
    CROWDED("crowded", Kind.COUNTER, Operator.METRICS, "records that there was no room for"),
    HURRIED(
            "hurried",
            Kind.COUNTER,
            Operator.METRICS,
            "panes of 100 ms that were closed before their time, for want of room: a VM sends too much"),

    POLICY_SAMPLES("samples", Kind.COUNTER, Operator.POLICY, "samples that the policy took up"),
    POLICY_PLANS("plans", Kind.COUNTER, Operator.POLICY, "plans of the policy that were sent, again or anew"),
    POLICY_EPOCH_ENDS(
            "epochEnds",
            Kind.COUNTER,
            Operator.POLICY,
            "commands to end an epoch that were sent on a plan of" + " the policy");

    /** Values that a histogram keeps for its quantiles. */
    private static final int WINDOW = 4096;

    private final String label;
    private final Kind kind;
    private final Operator operator;
    private final String meaning;

    JobMetric(String label, Kind kind, Operator operator, String meaning) {
        this.label = label;
        this.kind = kind;
        this.operator = operator;
        this.meaning = meaning;
    }

    /** What Flink calls it. */
    public enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    /** Where it is found. */
    public enum Operator {
        /** One for each input. */
        TRIAGE("triage INPUT"),
        SCHEDULE("schedule"),
        METRICS("metrics"),
        /** A group of the scheduler for each policy. */
        POLICY("schedule, by policy");

        private final String shown;

        Operator(String shown) {
            this.shown = shown;
        }

        /** For people. */
        public String shown() {
            return shown;
        }
    }

    /** Its name in Flink. */
    public String label() {
        return label;
    }

    public Kind kind() {
        return kind;
    }

    public Operator operator() {
        return operator;
    }

    /** What it counts or measures, for people. */
    public String meaning() {
        return meaning;
    }

    /** All of one operator. */
    public static List<JobMetric> of(Operator operator) {
        return List.of(values()).stream()
                .filter(metric -> metric.operator == operator)
                .toList();
    }

    /** Registers a counter in an operator's group. */
    public Counter counter(MetricGroup group) {
        expect(Kind.COUNTER);
        return group.counter(label);
    }

    /** Registers a gauge; it is read by another thread. */
    public void gauge(MetricGroup group, Gauge<Integer> gauge) {
        expect(Kind.GAUGE);
        group.gauge(label, gauge);
    }

    /** Registers a histogram of the last {@value #WINDOW} values. */
    public Histogram histogram(MetricGroup group) {
        expect(Kind.HISTOGRAM);
        return group.histogram(label, new DescriptiveStatisticsHistogram(WINDOW));
    }

    private void expect(Kind asked) {
        if (kind != asked) {
            throw new IllegalStateException("metric " + label + " is a " + kind + ", not a " + asked);
        }
    }
}
