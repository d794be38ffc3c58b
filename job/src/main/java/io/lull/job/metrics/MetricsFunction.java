package io.lull.job.metrics;

import io.lull.job.monitor.JobMetric;
import io.lull.job.schedule.MicrosClock;
import io.lull.job.state.PackedSerializer;
import io.lull.job.stream.Inbound;
import io.lull.job.stream.InboundTypeInfo;
import io.lull.job.stream.Outgoing;
import io.lull.policy.VmId;
import io.lull.policy.signal.DirtyCurveState;
import io.lull.policy.signal.WindowMetrics;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.wire.Wire;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Sums up each VM's samples and reports in event-time windows ({@link PaneRing}). Late records go to the side output
 * {@link #LATE} and are counted; early and repeated ones, and those of a VM that sends more than there is room for, are
 * counted.
 *
 * <p>Windows close with the VM's next record after its own time ({@link VmTime}) has passed their end, or by a timer when
 * none comes. There is one timer a VM, for when its earliest open window would be closed if it stayed silent. It is armed
 * anew when it fires too early, and stands later by a part of a pane that is drawn from the VM's name, so that the timers
 * of many VMs do not fire in one burst. A VM that is silent for {@value #FORGET_MILLIS} ms of event time is forgotten.
 */
public final class MetricsFunction extends KeyedProcessFunction<String, Inbound, Outgoing> {
    /**
     * Records for windows that are already out. The job counts them and writes them nowhere: they are still in their
     * topic, and one host whose clock is behind would fill another.
     */
    public static final OutputTag<Inbound> LATE = new OutputTag<>("late", InboundTypeInfo.INSTANCE);

    /** How long after its newest record a VM is forgotten, with what was learned of it. */
    static final long FORGET_MILLIS = 600_000;

    private static final long serialVersionUID = 1L;
    private static final Wire WIRE = new Wire();

    private final String metricsTopic;
    private final MicrosClock clock;
    private transient StreamTime time;
    private transient ValueState<MetricsState> states;
    private transient PaneRing ring;
    private transient Counter late;
    private transient Counter early;
    private transient Counter repeated;
    private transient Counter crowded;
    private transient Counter hurried;
    private transient String vmAtHand;
    private transient @Nullable Collector<Outgoing> outAtHand;

    @SuppressWarnings("NullAway.Init") // What is transient is made in open(), or stands for the record at hand.
    public MetricsFunction(String metricsTopic, MicrosClock clock) {
        this.metricsTopic = metricsTopic;
        this.clock = clock;
    }

    @Override
    public void open(OpenContext context) {
        states = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("windows", PackedSerializer.of(MetricsState.class)));
        ring = new PaneRing(this::emit);
        time = new StreamTime(clockMillis());
        vmAtHand = "";
        MetricGroup group = getRuntimeContext().getMetricGroup();
        late = JobMetric.LATE.counter(group);
        early = JobMetric.EARLY.counter(group);
        repeated = JobMetric.REPEATED.counter(group);
        crowded = JobMetric.CROWDED.counter(group);
        hurried = JobMetric.HURRIED.counter(group);
    }

    @Override
    public void processElement(Inbound inbound, Context context, Collector<Outgoing> out) throws IOException {
        TimerService timers = context.timerService();
        time.follow(timers.currentWatermark(), clockMillis());
        if (!(inbound instanceof Inbound.Sample || inbound instanceof Inbound.Report)) {
            return;
        }
        MetricsState state = current();
        vmAtHand = context.getCurrentKey();
        outAtHand = out;
        if (inbound instanceof Inbound.Sample sample) {
            settle(ring.add(state, inbound.eventMillis(), sample.sample(), time), inbound, context);
        } else if (inbound instanceof Inbound.Report report) {
            settle(ring.add(state, inbound.eventMillis(), report.report(), time), inbound, context);
        }
        if (ring.hasOpened() || !state.armed) {
            arm(state, timers);
        }
        states.update(state);
    }

    @Override
    public void onTimer(long timestampMillis, OnTimerContext context, Collector<Outgoing> out) throws IOException {
        MetricsState state = current();
        vmAtHand = context.getCurrentKey();
        outAtHand = out;
        TimerService timers = context.timerService();
        time.follow(timers.currentWatermark(), clockMillis());
        if (timestampMillis == state.armedMillis) {
            state.armed = false;
        }
        ring.advanceTo(state, time);
        if (timers.currentWatermark() >= forgetMillis(state) && RollUp.nextEndMillis(state) == Long.MAX_VALUE) {
            states.clear();
            return;
        }
        arm(state, timers);
        states.update(state);
    }

    private long clockMillis() {
        return clock.nowMicros() / 1000;
    }

    private MetricsState current() throws IOException {
        @Nullable MetricsState kept = states.value();
        return kept == null ? new MetricsState() : kept;
    }

    private void emit(long startMillis, long lengthMillis, Pane sums, DirtyCurveState curve) {
        WindowMetrics window = WindowSummary.of(new VmId(vmAtHand), startMillis, lengthMillis, sums, curve);
        Objects.requireNonNull(outAtHand, "windows close while a record or a timer is at hand")
                .collect(Outgoing.of(metricsTopic, RecordKeys.of(window.vm()), WIRE.encode(window)));
    }

    private void settle(PaneRing.Admission admission, Inbound inbound, Context context) {
        switch (admission) {
            case TAKEN -> {}
            case LATE -> {
                late.inc();
                context.output(LATE, inbound);
            }
            case EARLY -> early.inc();
            case REPEATED -> repeated.inc();
            case CROWDED -> crowded.inc();
        }
        hurried.inc(ring.takeHurriedPanes());
    }

    /** Sees to it that the timer stands no later than it must. */
    private void arm(MetricsState state, TimerService timers) {
        long endMillis = RollUp.nextEndMillis(state);
        long wantedMillis = endMillis == Long.MAX_VALUE
                ? forgetMillis(state)
                : VmTime.dueMillis(state, endMillis, time) + spreadMillis(vmAtHand);
        if (state.armed && state.armedMillis <= wantedMillis) {
            return;
        }
        if (state.armed) {
            timers.deleteEventTimeTimer(state.armedMillis);
        }
        timers.registerEventTimeTimer(wantedMillis);
        state.armed = true;
        state.armedMillis = wantedMillis;
    }

    private static long forgetMillis(MetricsState state) {
        return state.latestMillis + FORGET_MILLIS;
    }

    /** From 0 up to the length of a pane; its bits are mixed, because names that differ in a digit have near hashes. */
    private static long spreadMillis(String vm) {
        return Math.floorMod((vm.hashCode() * 0x9E3779B9) >>> 8, RollUp.PANE_MILLIS);
    }
}
