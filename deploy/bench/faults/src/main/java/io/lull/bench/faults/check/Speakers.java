package io.lull.bench.faults.check;

import java.util.List;
import java.util.Optional;

/** Judges who spoke to the network: once the standby's VM has, the primary's must not again. */
public final class Speakers {
    private Speakers() {}

    /**
     * The frames that had come from both VMs at a moment. The standby's count was read first, so that a frame of the
     * primary's which is in {@code primary} of the first line with one of the standby's may have come before it.
     */
    public record Heard(long atMillis, long standby, long primary) {}

    /** What is wrong; empty when nothing is. */
    public static Optional<String> judge(List<Heard> heard) {
        Optional<Heard> first =
                heard.stream().filter(line -> line.standby() > 0).findFirst();
        if (first.isEmpty()) {
            return Optional.empty();
        }
        Heard moved = first.get();
        return heard.stream()
                .filter(line -> line.atMillis() >= moved.atMillis() && line.primary() > moved.primary())
                .findFirst()
                .map(line -> "two sides spoke: " + (line.primary() - moved.primary())
                        + " frames of the primary's VM were heard up to " + (line.atMillis() - moved.atMillis())
                        + " ms after the first one of the standby's");
    }
}
