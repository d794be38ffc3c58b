package io.lull.bench.faults.plan;

/**
 * A fault that is going to be.
 *
 * @param aim when
 * @param lastsMillis until it is mended; 0 for what is over at once
 * @param jumpMillis by which a clock is ahead from then on, or behind; 0 for what is no jump of a clock
 */
public record PlannedFault(FaultKind kind, Aim aim, int lastsMillis, long jumpMillis) {
    public PlannedFault {
        if (lastsMillis < kind.leastMillis() || lastsMillis > kind.mostMillis()) {
            throw new IllegalArgumentException(kind + " can't last " + lastsMillis + " ms");
        }
        if (kind.jumps() == (jumpMillis == 0)) {
            throw new IllegalArgumentException(kind + " can't be a jump of " + jumpMillis + " ms");
        }
    }

    /** A fault that is no jump of a clock. */
    public PlannedFault(FaultKind kind, Aim aim, int lastsMillis) {
        this(kind, aim, lastsMillis, 0);
    }

    @Override
    public String toString() {
        return kind.label() + "@" + aim + (lastsMillis == 0 ? "" : " for " + lastsMillis + " ms")
                + (jumpMillis == 0 ? "" : " by " + jumpMillis + " ms");
    }
}
