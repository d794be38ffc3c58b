package io.lull.local.loop;

import io.lull.policy.TriggerReason;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * What the simulator leads to expect of a loop that runs by real clocks, where no two runs are the same: epochs a second,
 * the share of each reason, and the median length of the epochs that it ended. Each must lie within the range of several
 * predictions, which differ in what the guest draws and how long plans take, widened by how much later a loop may be that
 * is not looked after at once:
 *
 * <table>
 * <caption>How much later an epoch may end than predicted, by what ends it</caption>
 * <tr><td>the clock, the forecast, output that is counted: INTERVAL, T_MAX, FALLBACK, DIRTY_LIMIT, OUTPUT, DEADLINE</td>
 *   <td>two ticks: the one that sees it comes late, and by no more than one</td></tr>
 * <tr><td>what must be seen over a stretch of samples: IDLE_SLOT, IDLE_WEAK, WAIT_PRICE</td>
 *   <td>three ticks: a late sample may be of no use, and the next is</td></tr>
 * <tr><td>COMMAND</td><td>three ticks and a sample of telemetry; predicted for the times that the way through the job
 *   took in this very run</td></tr>
 * </table>
 *
 * <p>None may end earlier than predicted by more than a tick.
 */
public final class Expectation {
    /** Two reasons may compete for the same epochs, and a tick decides. */
    private static final double SHARE_RATIO = 0.1;

    /** Rarer reasons are not looked at one by one. */
    private static final double RARE_RATIO = 0.1;

    private static final Set<TriggerReason> SEEN_OVER_SAMPLES =
            EnumSet.of(TriggerReason.IDLE_SLOT, TriggerReason.IDLE_WEAK, TriggerReason.WAIT_PRICE);

    private final List<Figures> predictions;
    private final Lateness lateness;

    /**
     * What makes a loop late.
     *
     * @param tickNanos between two looks of the worker
     * @param telemetryNanos between two samples that the job gets
     */
    public record Lateness(long tickNanos, long telemetryNanos) {
        long of(TriggerReason reason) {
            if (reason == TriggerReason.COMMAND) {
                return 3 * tickNanos + telemetryNanos;
            }
            return (SEEN_OVER_SAMPLES.contains(reason) ? 3 : 2) * tickNanos;
        }
    }

    /** One run in numbers. */
    private record Figures(double epochsPerSecond, Map<TriggerReason, List<Long>> lengths) {
        static Figures of(List<Epoch> epochs, long spanNanos) {
            Map<TriggerReason, List<Long>> lengths = new EnumMap<>(TriggerReason.class);
            for (Epoch epoch : epochs) {
                lengths.computeIfAbsent(epoch.reason(), reason -> new ArrayList<>())
                        .add(epoch.lengthNanos());
            }
            lengths.values().forEach(list -> list.sort(null));
            return new Figures(epochs.size() * 1e9 / spanNanos, lengths);
        }

        private List<Long> of(TriggerReason reason) {
            return lengths.getOrDefault(reason, List.of());
        }

        double share(TriggerReason reason) {
            long all = lengths.values().stream().mapToLong(List::size).sum();
            return all == 0 ? 0 : of(reason).size() / (double) all;
        }

        double medianNanos(TriggerReason reason) {
            List<Long> sorted = of(reason);
            return sorted.get(sorted.size() / 2);
        }
    }

    /**
     * @param predictions epochs of several predicted runs
     * @param spanNanos how long each run was
     */
    public Expectation(List<List<Epoch>> predictions, long spanNanos, Lateness lateness) {
        this.predictions = predictions.stream()
                .map(epochs -> Figures.of(epochs, spanNanos))
                .toList();
        this.lateness = lateness;
    }

    /** What is not as predicted, each in words; none when all is. */
    public List<String> misses(List<Epoch> actual, long spanNanos) {
        Figures figures = Figures.of(actual, spanNanos);
        List<String> misses = new ArrayList<>();
        Range rate = range(predicted -> predicted.epochsPerSecond());
        double latestNanos = 0;
        for (TriggerReason reason : TriggerReason.values()) {
            Range share = range(predicted -> predicted.share(reason));
            share.widened(SHARE_RATIO, SHARE_RATIO).check("share of " + reason, figures.share(reason), misses);
            if (share.least() >= RARE_RATIO) {
                latestNanos = Math.max(latestNanos, lateness.of(reason));
                if (figures.share(reason) > 0) {
                    range(predicted -> predicted.medianNanos(reason) / 1e6)
                            .widened(lateness.tickNanos() / 1e6, lateness.of(reason) / 1e6)
                            .check("median length of " + reason + ", ms", figures.medianNanos(reason) / 1e6, misses);
                }
            }
        }
        double slowest = 1 / (1 / rate.least() + latestNanos / 1e9);
        double fastest = 1 / Math.max(1e-9, 1 / rate.most() - lateness.tickNanos() / 1e9);
        new Range(slowest, fastest).check("epochs a second", figures.epochsPerSecond(), misses);
        return misses;
    }

    /** The run beside the predictions, in a line. */
    public String compare(List<Epoch> actual, long spanNanos) {
        Figures figures = Figures.of(actual, spanNanos);
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "%.1f epochs/s (predicted %s)",
                figures.epochsPerSecond(),
                range(Figures::epochsPerSecond)));
        for (TriggerReason reason : figures.lengths().keySet()) {
            Range share = range(predicted -> predicted.share(reason));
            line.append(String.format(
                    Locale.ROOT,
                    "; %s %.0f %% (%.0f to %.0f), median %.2f ms",
                    reason,
                    100 * figures.share(reason),
                    100 * share.least(),
                    100 * share.most(),
                    figures.medianNanos(reason) / 1e6));
            if (share.least() > 0) {
                line.append(" (")
                        .append(range(predicted -> predicted.medianNanos(reason) / 1e6))
                        .append(')');
            }
        }
        return line.toString();
    }

    private Range range(ToDoubleFunction<Figures> figure) {
        return new Range(
                predictions.stream().mapToDouble(figure).min().orElseThrow(),
                predictions.stream().mapToDouble(figure).max().orElseThrow());
    }

    private record Range(double least, double most) {
        Range widened(double below, double above) {
            return new Range(least - below, most + above);
        }

        void check(String what, double value, List<String> misses) {
            if (!(value >= least && value <= most)) {
                misses.add(String.format(Locale.ROOT, "%s: %.3f, not within %s", what, value, this));
            }
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2f to %.2f", least, most);
        }
    }
}
