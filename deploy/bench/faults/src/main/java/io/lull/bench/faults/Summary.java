package io.lull.bench.faults;

import io.lull.bench.faults.LifeReport.Fallen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A campaign's lives, counted.
 *
 * @param seed that repeats it
 * @param lives that were lived to their end
 * @param broken lives that could not be judged, and why: what brings a guest up or looks on has failed
 */
public record Summary(long seed, List<LifeReport> lives, List<String> broken) {
    public Summary {
        lives = List.copyOf(lives);
        broken = List.copyOf(broken);
    }

    /** Whether there were lives, every one was judged and nothing was violated. */
    public boolean clean() {
        return !lives.isEmpty() && broken.isEmpty() && violations() == 0;
    }

    /** Violations of all lives. */
    public long violations() {
        return lives.stream().mapToLong(life -> life.violations().size()).sum();
    }

    /** A table by kind of fault, and the sums. */
    public String text() {
        Map<String, List<Fallen>> kinds = new TreeMap<>();
        for (LifeReport life : lives) {
            for (Fallen fault : life.faults()) {
                kinds.computeIfAbsent(fault.kind(), kind -> new ArrayList<>()).add(fault);
            }
        }
        StringBuilder text = new StringBuilder(String.format(
                "%-16s %6s %6s %6s %6s %7s %6s %22s%n",
                "fault", "fell", "PAUSE", "COMMIT", "RUN", "stayed", "moved", "settled ms p50 / max"));
        kinds.forEach((kind, faults) -> text.append(row(kind, faults)));
        List<Fallen> all = kinds.values().stream().flatMap(List::stream).toList();
        text.append(String.format(
                "lives %d of %d s (median), %d without a fault, faults %d of %d kinds, %d of them in a download, replies %d,"
                        + " longest gap %d ms, broken %d, violations %d%n",
                lives.size(),
                medianSeconds(),
                lives.stream().filter(life -> life.faults().isEmpty()).count(),
                all.size(),
                kinds.size(),
                all.stream().filter(Fallen::inDownload).count(),
                lives.stream().mapToLong(LifeReport::replies).sum(),
                lives.stream().mapToLong(LifeReport::gapMillis).max().orElse(0),
                broken.size(),
                violations()));
        broken.forEach(why -> text.append("BROKEN ").append(why).append('\n'));
        return text.toString();
    }

    private long medianSeconds() {
        long[] took = lives.stream().mapToLong(LifeReport::tookMillis).sorted().toArray();
        return took.length == 0 ? 0 : took[took.length / 2] / 1000;
    }

    private static String row(String kind, List<Fallen> faults) {
        long moved = faults.stream().filter(Fallen::moved).count();
        List<Long> settled = faults.stream().map(Fallen::settledMillis).sorted().toList();
        return String.format(
                "%-16s %6d %6d %6d %6d %7d %6d %22s%n",
                kind,
                faults.size(),
                in("PAUSE", faults),
                in("COMMIT", faults),
                in("RUN", faults),
                faults.size() - moved,
                moved,
                settled.get(settled.size() / 2) + " / " + settled.get(settled.size() - 1));
    }

    private static long in(String phase, List<Fallen> faults) {
        return faults.stream()
                .filter(fault -> fault.phase().filter(phase::equals).isPresent())
                .count();
    }
}
