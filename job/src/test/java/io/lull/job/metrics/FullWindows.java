package io.lull.job.metrics;

import io.lull.job.state.PackedSerializer;
import io.lull.job.stream.Inbound;
import io.lull.policy.signal.SampleView;
import java.io.IOException;
import java.util.Random;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The windows of a VM of which as much is kept as of any: it has as many vCPUs as are looked at one by one, and does all
 * that fills a window.
 *
 * @param mostBytes the most that was kept of it
 * @param refused records that there was no room for
 * @param hurried panes that were closed before their time
 */
public record FullWindows(int mostBytes, int refused, long hurried) {
    static final long START_MICROS = 1_700_000_000_000_000L;

    private static final PackedSerializer<MetricsState> SERIALIZER = PackedSerializer.of(MetricsState.class);
    private static final double LIVED_MILLIS = 25_000;

    /** All windows are open from here on. */
    private static final double FULL_MILLIS = 9_000;

    /** A VM that is sampled each {@code stepMillis}. */
    public static FullWindows of(double stepMillis) throws IOException {
        PaneRing ring = new PaneRing((start, length, sums, curve) -> {});
        MetricsState state = new MetricsState();
        StreamTime now = new StreamTime(START_MICROS / 1000);
        SeededVm vm = new SeededVm(new Random(5), "vm", stepMillis, SampleView.MAX_VCPUS);
        int most = 0;
        int refused = 0;
        for (double at = 0; at < LIVED_MILLIS; at += stepMillis) {
            long atMicros = START_MICROS + (long) (1000 * at);
            now.follow(atMicros / 1000 - 220, atMicros / 1000);
            for (Inbound inbound : vm.next(atMicros)) {
                PaneRing.Admission admission = inbound instanceof Inbound.Sample sample
                        ? ring.add(state, inbound.eventMillis(), sample.sample(), now)
                        : ring.add(state, inbound.eventMillis(), ((Inbound.Report) inbound).report(), now);
                refused += admission == PaneRing.Admission.TAKEN ? 0 : 1;
            }
            if (at > FULL_MILLIS) {
                most = Math.max(most, bytes(state).length);
            }
        }
        return new FullWindows(most, refused, ring.takeHurriedPanes());
    }

    static byte[] bytes(MetricsState state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(1 << 14);
        SERIALIZER.serialize(state, out);
        return out.getCopyOfBuffer();
    }
}
