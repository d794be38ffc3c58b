package io.lull.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * Why a plan is as it is: the policy's own words, then one entry for every guard that changed it, in that order.
 *
 * @param parts at least one, none blank
 */
public record Reason(List<String> parts) {
    public Reason {
        parts = List.copyOf(parts);
        if (parts.isEmpty() || parts.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("a reason needs at least one part, none blank: " + parts);
        }
    }

    public static Reason of(String part) {
        return new Reason(List.of(part));
    }

    /** This reason with one more part at its end. */
    public Reason and(String part) {
        List<String> more = new ArrayList<>(parts);
        more.add(part);
        return new Reason(more);
    }

    @Override
    public String toString() {
        return String.join("; ", parts);
    }
}
