package io.lull.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.stream.Inbound;
import io.lull.policy.signal.VmSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the ring keeps beside its panes, so that most samples need not look at them. */
class PaneRingTest {
    private static final int SEED = 17;

    private final PaneRing ring = new PaneRing((start, length, sums, curve) -> {});
    private final MetricsState state = new MetricsState();
    private final StreamTime now = new StreamTime(FullWindows.START_MICROS / 1000);

    /** What a VM sends within {@code millis}, in order. */
    private static List<Inbound> sent(int millis) {
        SeededVm vm = new SeededVm(new Random(SEED), "vm", 1);
        return Stream.iterate(0, at -> at + 1)
                .limit(millis)
                .flatMap(at -> vm.next(FullWindows.START_MICROS + 1000L * at).stream())
                .toList();
    }

    private PaneRing.Admission add(Inbound inbound) {
        now.follow(inbound.eventMillis() - 200, inbound.eventMillis());
        return inbound instanceof Inbound.Report report
                ? ring.add(state, inbound.eventMillis(), report.report(), now)
                : ring.add(state, inbound.eventMillis(), sample(inbound), now);
    }

    private static VmSample sample(Inbound inbound) {
        return ((Inbound.Sample) inbound).sample();
    }

    private Stream<OpenPane> open() {
        return Stream.of(state.ring).filter(Objects::nonNull);
    }

    @Test
    void knowsHowMuchIsInItsPanesAndHowLateTheirSamplesAre() {
        List<Inbound> disordered = new ArrayList<>(sent(2000));
        Random random = new Random(SEED);
        for (int i = 0; i < disordered.size(); i++) {
            disordered.add(i, disordered.remove(Math.min(disordered.size() - 1, i + random.nextInt(100))));
        }

        for (Inbound inbound : disordered) {
            add(inbound);

            assertThat(state.logBytes)
                    .isIn(
                            MetricsState.UNCOUNTED,
                            open().mapToInt(OpenPane::logBytes).sum());
            assertThat(open()).allMatch(pane -> pane.samples.latestMicros <= state.noneAfterMicros);
        }
        assertThat(state.noneAfterMicros).isLessThan(Long.MAX_VALUE);
    }

    @Test
    void tellsRepeatsInWhatAnEarlierVersionKept() {
        List<Inbound> samples =
                sent(120).stream().filter(Inbound.Sample.class::isInstance).toList();
        Inbound next = samples.get(samples.size() - 1);
        List<Inbound> before = samples.subList(0, samples.size() - 1);
        before.forEach(this::add);
        state.noneAfterMicros = new MetricsState().noneAfterMicros;
        state.logBytes = new MetricsState().logBytes;

        assertThat(add(before.get(before.size() / 2))).isEqualTo(PaneRing.Admission.REPEATED);
        assertThat(add(next)).isEqualTo(PaneRing.Admission.TAKEN);
        assertThat(add(next)).isEqualTo(PaneRing.Admission.REPEATED);
        assertThat(state.noneAfterMicros).isEqualTo(sample(next).sampledAtMicros());
        assertThat(state.logBytes).isEqualTo(open().mapToInt(OpenPane::logBytes).sum());
    }
}
