package io.lull.job.metrics;

import io.lull.job.stream.Inbound;
import io.lull.job.stream.Outgoing;
import io.lull.policy.VmId;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.WindowMetrics;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.wire.Wire;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Sums up each VM's samples and reports in event-time windows ({@link PaneRing}). Late records go to the side output
 * {@link #LATE} and are counted. Timers only close windows when a VM has gone silent, one for each window's end.
 */
public final class MetricsFunction extends KeyedProcessFunction<String, Inbound, Outgoing> {
    /**
     * Records for windows that are already out. The job counts them and writes them nowhere: they are still in their
     * topic, and one host whose clock is behind would fill another.
     */
    public static final OutputTag<Outgoing> LATE = new OutputTag<>("late", Outgoing.TYPE);

    private static final long serialVersionUID = 1L;
    private static final Wire WIRE = new Wire();

    private final String metricsTopic;
    private final String rejectedTopic;
    private transient ValueState<MetricsState> states;
    private transient Counter late;
    private transient SampleView view;

    @SuppressWarnings("NullAway.Init") // What is transient is made in open().
    public MetricsFunction(String metricsTopic, String rejectedTopic) {
        this.metricsTopic = metricsTopic;
        this.rejectedTopic = rejectedTopic;
    }

    @Override
    public void open(OpenContext context) {
        states = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("metrics", TypeInformation.of(MetricsState.class)));
        late = getRuntimeContext().getMetricGroup().counter("late");
        view = new SampleView();
    }

    @Override
    public void processElement(Inbound inbound, Context context, Collector<Outgoing> out) throws IOException {
        MetricsState state = current();
        PaneRing ring = new PaneRing(new VmId(context.getCurrentKey()), state);
        long eventMillis = inbound.eventMillis();
        TimerService timers = context.timerService();
        emit(ring.advanceTo(eventMillis, timers.currentWatermark()), out);
        if (ring.isLate(eventMillis)) {
            late.inc();
            context.output(LATE, Outgoing.rejected(rejectedTopic, inbound.raw(), "too late for its windows"));
        } else {
            if (inbound instanceof Inbound.Sample sample) {
                ring.add(eventMillis, sample.sample(), view);
            } else if (inbound instanceof Inbound.Report report) {
                ring.add(eventMillis, report.report());
            }
            armAtWindowEnds(timers, eventMillis);
        }
        states.update(state);
    }

    @Override
    public void onTimer(long timestampMillis, OnTimerContext context, Collector<Outgoing> out) throws IOException {
        MetricsState state = current();
        PaneRing ring = new PaneRing(new VmId(context.getCurrentKey()), state);
        emit(ring.closeUntil(timestampMillis + 1), out);
        states.update(state);
    }

    private MetricsState current() throws IOException {
        @Nullable MetricsState kept = states.value();
        return kept == null ? new MetricsState() : kept;
    }

    /** Timers at a time that has one already are the same timer, so this is at most one a window and VM. */
    private static void armAtWindowEnds(TimerService timers, long eventMillis) {
        for (long windowMillis :
                new long[] {PaneRing.PANE_MILLIS, PaneRing.SECOND_MILLIS, PaneRing.TEN_SECONDS_MILLIS}) {
            long endMillis = (Math.floorDiv(eventMillis, windowMillis) + 1) * windowMillis;
            timers.registerEventTimeTimer(endMillis - 1);
        }
    }

    private void emit(List<WindowMetrics> windows, Collector<Outgoing> out) {
        for (WindowMetrics window : windows) {
            out.collect(Outgoing.of(metricsTopic, RecordKeys.of(window.vm()), WIRE.encode(window)));
        }
    }
}
