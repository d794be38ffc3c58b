package io.lull.job.metrics;

import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import io.lull.policy.signal.WindowEpochs;
import io.lull.policy.signal.WindowMetrics;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One window from the list of its records, formula by formula. */
final class PlainWindow {
    private final double seconds;
    private final List<VmSample> samples;
    private final List<EpochReport> reports;

    private PlainWindow(double seconds, List<VmSample> samples, List<EpochReport> reports) {
        this.seconds = seconds;
        this.samples = samples;
        this.reports = reports;
    }

    static WindowMetrics of(
            String vm,
            long startMillis,
            long lengthMillis,
            List<VmSample> samples,
            List<EpochReport> reports,
            WindowMetrics.IdleSlots slots,
            Optional<WindowMetrics.DirtyFit> fit) {
        PlainWindow window = new PlainWindow(lengthMillis / 1000.0, samples, reports);
        return new WindowMetrics(
                new VmId(vm),
                startMillis * 1000,
                lengthMillis * 1_000_000,
                samples.isEmpty() ? Optional.empty() : Optional.of(window.load(slots)),
                window.dirtying(),
                fit,
                reports.isEmpty() ? Optional.empty() : Optional.of(window.epochs()),
                window.link());
    }

    private WindowMetrics.Load load(WindowMetrics.IdleSlots slots) {
        return new WindowMetrics.Load(
                samples.size(),
                new WindowMetrics.Rates(
                        perSecond(s -> s.network().txPackets()),
                        perSecond(s -> s.network().txBytes()),
                        perSecond(s -> s.network().rxPackets()),
                        perSecond(s -> s.network().rxBytes()),
                        perSecond(s -> s.disk().writeBytes())),
                mean(VmSample::busyRatio),
                slots,
                new WindowMetrics.Peaks(
                        max(s -> s.network().heldBytes()),
                        max(s -> s.network().oldestHeldNanos()),
                        (int) max(s -> s.tcp().stalled()),
                        (int) max(s -> s.tcp().windowFull()),
                        (int) max(s -> s.tcp().zeroWindow()),
                        (int) max(s -> s.tcp().requestsPending())),
                Optional.of(new WindowMetrics.Levels(
                        Math.min(1, sum(VmSample::intervalNanos) / (seconds * 1e9)),
                        perSecond(s -> s.disk().writes()),
                        perSecond(s -> s.disk().flushes()),
                        max(s -> s.network().heldPackets()),
                        mean(s -> s.network().heldBytes()),
                        mean(s -> s.network().heldPackets() > 0 ? 1 : 0),
                        (int) max(s -> s.tcp().connections()),
                        mean(s -> s.tcp().stalled()),
                        mean(s -> s.tcp().windowFull()),
                        mean(s -> s.tcp().zeroWindow()),
                        mean(s -> s.tcp().requestsPending()),
                        max(s -> s.tcp().bytesInFlight()))));
    }

    private Optional<WindowMetrics.Dirtying> dirtying() {
        List<VmSample> counted = samples.stream()
                .filter(s -> s.dirtySource() != DirtySource.NONE)
                .toList();
        if (counted.isEmpty()) {
            return Optional.empty();
        }
        List<VcpuSample> vcpus =
                counted.stream().flatMap(s -> s.vcpus().stream()).toList();
        int ids = vcpus.stream().mapToInt(VcpuSample::id).max().orElse(-1) + 1;
        List<Double> rates = IntStream.range(0, ids)
                .mapToObj(id -> vcpus.stream()
                                .filter(vcpu -> vcpu.id() == id)
                                .mapToLong(VcpuSample::dirtyPages)
                                .sum()
                        / seconds)
                .toList();
        double most = rates.stream().mapToDouble(rate -> rate).max().orElse(0);
        double meanRate = rates.stream().mapToDouble(rate -> rate).average().orElse(0);
        return Optional.of(new WindowMetrics.Dirtying(
                counted.stream()
                        .map(VmSample::dirtySource)
                        .max(Comparator.naturalOrder())
                        .orElseThrow(),
                vcpus.stream().mapToLong(VcpuSample::dirtyPages).sum() / seconds,
                rates,
                meanRate == 0 ? 1 : Math.max(1, most / meanRate)));
    }

    private WindowEpochs epochs() {
        Map<TriggerReason, Long> byReason =
                reports.stream().collect(Collectors.groupingBy(EpochReport::reason, Collectors.counting()));
        return new WindowEpochs(
                reports.size(),
                times(r -> r.pause().totalNanos()),
                times(r -> r.stages().commitNanos()),
                total(r -> r.bytes().shippedBytes()) / seconds,
                Optional.of(new WindowEpochs.Release(
                        byReason,
                        total(EpochReport::lengthNanos) / reports.size(),
                        total(r -> r.held().packets()) / seconds,
                        reports.stream()
                                .mapToLong(r -> r.held().maxWaitNanos())
                                .max()
                                .orElseThrow())),
                coding());
    }

    private Optional<WindowEpochs.Coding> coding() {
        double pages = total(r -> r.pages().dirtyPages());
        double written = total(r -> r.bytes().writtenBytes());
        double delta = total(r -> r.bytes().deltaBytes());
        double shipped = total(r -> r.bytes().shippedBytes());
        if (pages == 0) {
            return Optional.empty();
        }
        return Optional.of(new WindowEpochs.Coding(
                pages / reports.size(),
                total(r -> r.pages().unchangedPages()) / pages,
                total(r -> r.pages().zeroPages()) / pages,
                total(r -> r.pages().rawPages()) / pages,
                delta / pages,
                shipped / pages,
                written == 0 ? OptionalDouble.empty() : OptionalDouble.of(delta / written),
                written == 0 ? OptionalDouble.empty() : OptionalDouble.of(shipped / written)));
    }

    private Optional<WindowMetrics.Link> link() {
        List<VmSample> known =
                samples.stream().filter(s -> s.host().linkKnown()).toList();
        if (known.isEmpty()) {
            return Optional.empty();
        }
        double nanos = known.stream().mapToDouble(VmSample::intervalNanos).sum();
        double takes = known.stream()
                        .mapToDouble(s -> (double) s.host().linkBytesPerSecond() * s.intervalNanos())
                        .sum()
                / nanos;
        double shipped = total(r -> r.bytes().shippedBytes()) / seconds;
        return Optional.of(new WindowMetrics.Link(
                takes,
                reports.isEmpty() || takes == 0 ? OptionalDouble.empty() : OptionalDouble.of(shipped / takes),
                max(s -> s.host().linkBacklogBytes())));
    }

    private WindowEpochs.Times times(ToLongFunction<EpochReport> time) {
        List<Long> sorted = reports.stream().map(time::applyAsLong).sorted().toList();
        return new WindowEpochs.Times(
                nearestRank(sorted, 50),
                Optional.of(new WindowEpochs.Tails(nearestRank(sorted, 90), nearestRank(sorted, 99))),
                sorted.get(sorted.size() - 1));
    }

    private static long nearestRank(List<Long> sorted, int percent) {
        return sorted.get((sorted.size() * percent + 99) / 100 - 1);
    }

    private double perSecond(ToDoubleFunction<VmSample> value) {
        return sum(value) / seconds;
    }

    private double sum(ToDoubleFunction<VmSample> value) {
        return samples.stream().mapToDouble(value).sum();
    }

    private double mean(ToDoubleFunction<VmSample> value) {
        return sum(s -> value.applyAsDouble(s) * s.intervalNanos()) / sum(VmSample::intervalNanos);
    }

    private long max(ToLongFunction<VmSample> value) {
        return samples.stream().mapToLong(value).max().orElseThrow();
    }

    private double total(ToDoubleFunction<EpochReport> value) {
        return reports.stream().mapToDouble(value).sum();
    }
}
