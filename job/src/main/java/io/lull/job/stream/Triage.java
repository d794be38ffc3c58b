package io.lull.job.stream;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Lets good records through; bad ones go to the side output {@link #REJECTED} and are counted. */
public final class Triage extends ProcessFunction<Inbound, Inbound> {
    /** Records for the topic of rejected ones. */
    public static final OutputTag<Outgoing> REJECTED = new OutputTag<>("rejected", Outgoing.TYPE);

    private static final long serialVersionUID = 1L;

    private final String rejectedTopic;
    private transient Counter rejected;

    @SuppressWarnings("NullAway.Init") // The counter is made in open().
    public Triage(String rejectedTopic) {
        this.rejectedTopic = rejectedTopic;
    }

    @Override
    public void open(OpenContext context) {
        rejected = getRuntimeContext().getMetricGroup().counter("rejected");
    }

    @Override
    public void processElement(Inbound inbound, Context context, Collector<Inbound> out) {
        if (inbound instanceof Inbound.Rejected bad) {
            rejected.inc();
            context.output(REJECTED, Outgoing.rejected(rejectedTopic, bad.raw(), bad.reason()));
        } else {
            out.collect(inbound);
        }
    }
}
