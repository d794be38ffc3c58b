package io.lull.bench.faults;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of a life.
 *
 * @param number in its campaign
 * @param faults those that fell, in their order
 * @param movedBy what made the VM move to the backup; empty when it did not
 * @param verifiedPages of the backup's image, the most that one backup process had verified
 * @param replies to the client that counts
 * @param gapMillis the longest time for which it got none
 * @param readyMillis until the VM was protected and served
 * @param tookMillis in all, from nothing to the last look at its disk
 * @param violations what did not hold
 */
public record LifeReport(
        long number,
        List<Fallen> faults,
        Optional<String> movedBy,
        long verifiedPages,
        long replies,
        long gapMillis,
        long readyMillis,
        long tookMillis,
        List<String> violations) {
    public LifeReport {
        faults = List.copyOf(faults);
        violations = List.copyOf(violations);
    }

    /**
     * A fault that fell.
     *
     * @param kind its label
     * @param phase of the epoch; empty when no epoch came in which it could fall, or a pause was over before it had
     * @param inDownload whether a client was downloading
     * @param moved whether the VM moved by it
     * @param settledMillis from its end until the VM was protected again or had moved
     */
    public record Fallen(String kind, Optional<String> phase, boolean inDownload, boolean moved, long settledMillis) {}

    /** One line. */
    public String text() {
        StringBuilder line = new StringBuilder(String.format("%4d ", number));
        for (Fallen fault : faults) {
            line.append(String.format(
                    " %s/%s %s %d ms;",
                    fault.kind(),
                    fault.phase().orElse("-"),
                    fault.moved() ? "moved" : "stayed",
                    fault.settledMillis()));
        }
        movedBy.ifPresent(what -> line.append(" moved by ").append(what).append(';'));
        line.append(String.format(
                Locale.ROOT,
                " verified %d pages, replies %d, gap %d ms; %.1f s, ready after %.1f",
                verifiedPages,
                replies,
                gapMillis,
                tookMillis / 1e3,
                readyMillis / 1e3));
        violations.forEach(violation -> line.append("\n      VIOLATION ").append(violation));
        return line.toString();
    }
}
