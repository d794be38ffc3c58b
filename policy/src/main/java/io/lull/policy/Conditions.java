package io.lull.policy;

import java.util.Optional;

/**
 * What ends an epoch between its shortest and its longest length; any one that holds is enough.
 *
 * @param idle an idle slot
 * @param output held output or disk writes, at most as often as the link can carry
 * @param dirty many dirty pages
 * @param waiting going on costs more than it saves
 * @param divergence output that a second, executing VM did not produce
 */
public record Conditions(
        Optional<IdleRule> idle,
        Optional<OutputRule> output,
        Optional<DirtyRule> dirty,
        Optional<WaitRule> waiting,
        Optional<DivergenceRule> divergence) {
    /** Nothing: every epoch has the longest length. */
    public static final Conditions NONE =
            new Conditions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Whether {@code other} has conditions of the same kinds, whatever their thresholds. */
    public boolean sameButThresholds(Conditions other) {
        return idle.isPresent() == other.idle.isPresent()
                && output.isPresent() == other.output.isPresent()
                && dirty.isPresent() == other.dirty.isPresent()
                && waiting.isPresent() == other.waiting.isPresent()
                && divergence.isPresent() == other.divergence.isPresent();
    }

    /** Whether nothing ends an epoch before its longest length. */
    public boolean isEmpty() {
        return idle.isEmpty() && output.isEmpty() && dirty.isEmpty() && waiting.isEmpty() && divergence.isEmpty();
    }

    public static Conditions of(IdleRule rule) {
        return new Conditions(
                Optional.of(rule), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static Conditions of(OutputRule rule) {
        return new Conditions(
                Optional.empty(), Optional.of(rule), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static Conditions of(DirtyRule rule) {
        return new Conditions(
                Optional.empty(), Optional.empty(), Optional.of(rule), Optional.empty(), Optional.empty());
    }

    public static Conditions of(WaitRule rule) {
        return new Conditions(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(rule), Optional.empty());
    }

    public static Conditions of(DivergenceRule rule) {
        return new Conditions(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(rule));
    }
}
