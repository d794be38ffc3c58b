package io.lull.job.stream;

import io.lull.job.monitor.JobMetric;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Lets good records through; bad ones go to the side output {@link #REJECTED}. Counts them, and those whose host's clock
 * is not believed.
 */
public final class Triage extends ProcessFunction<Inbound, Inbound> {
    /** Records for the topic of rejected ones. */
    public static final OutputTag<Outgoing> REJECTED = new OutputTag<>("rejected", Outgoing.TYPE);

    private static final long serialVersionUID = 1L;

    private final String rejectedTopic;
    private transient Counter rejected;
    private transient Counter ahead;
    private transient Counter behind;

    @SuppressWarnings("NullAway.Init") // The counters are made in open().
    public Triage(String rejectedTopic) {
        this.rejectedTopic = rejectedTopic;
    }

    @Override
    public void open(OpenContext context) {
        MetricGroup group = getRuntimeContext().getMetricGroup();
        rejected = JobMetric.REJECTED.counter(group);
        ahead = JobMetric.CLOCK_AHEAD.counter(group);
        behind = JobMetric.CLOCK_BEHIND.counter(group);
    }

    @Override
    public void processElement(Inbound inbound, Context context, Collector<Inbound> out) {
        if (inbound instanceof Inbound.Rejected bad) {
            rejected.inc();
            context.output(REJECTED, Outgoing.rejected(rejectedTopic, bad.raw(), bad.reason()));
            return;
        }
        switch (inbound.clock()) {
            case TRUSTED -> {}
            case AHEAD -> ahead.inc();
            case BEHIND -> behind.inc();
        }
        out.collect(inbound);
    }
}
