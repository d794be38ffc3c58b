package io.lull.bench.faults.plan;

/**
 * A fault that is going to be.
 *
 * @param aim when
 * @param lastsMillis until it is mended; 0 for what is over at once
 */
public record PlannedFault(FaultKind kind, Aim aim, int lastsMillis) {
    public PlannedFault {
        if (lastsMillis < kind.leastMillis() || lastsMillis > kind.mostMillis()) {
            throw new IllegalArgumentException(kind + " can't last " + lastsMillis + " ms");
        }
    }

    @Override
    public String toString() {
        return kind.label() + "@" + aim + (lastsMillis == 0 ? "" : " for " + lastsMillis + " ms");
    }
}
