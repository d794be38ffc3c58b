package io.lull.schemas.wire;

import io.lull.policy.TriggerReason;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.WindowEpochs;
import io.lull.policy.signal.WindowMetrics;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Draws windows over the full ranges of their numbers, with any of their parts absent. */
final class RandomWindows extends RandomParts {
    RandomWindows(long seed) {
        super(seed);
    }

    WindowMetrics window() {
        return new WindowMetrics(
                vm(),
                count(),
                positive(),
                maybe(this::load, false),
                maybe(this::dirtying, false),
                maybe(() -> new WindowMetrics.DirtyFit(rate(), share()), false),
                maybe(this::epochs, false),
                maybe(() -> new WindowMetrics.Link(rate(), maybeRate(), count()), false));
    }

    private WindowMetrics.Load load() {
        return new WindowMetrics.Load(
                positive(),
                new WindowMetrics.Rates(rate(), rate(), rate(), rate(), rate()),
                share(),
                new WindowMetrics.IdleSlots(
                        count(),
                        share(),
                        maybe(() -> new WindowMetrics.SlotTimes(count(), maybeRate(), count(), maybeRate()), false)),
                new WindowMetrics.Peaks(count(), count(), level(), level(), level(), level()),
                maybe(this::levels, false));
    }

    private WindowMetrics.Levels levels() {
        return new WindowMetrics.Levels(
                share(), rate(), rate(), count(), rate(), share(), level(), rate(), rate(), rate(), rate(), count());
    }

    private WindowMetrics.Dirtying dirtying() {
        DirtySource source = any(DirtySource.class);
        return new WindowMetrics.Dirtying(
                source == DirtySource.NONE ? DirtySource.PREDICTED : source, rate(), list(this::rate), 1 + upTo(63));
    }

    private WindowEpochs epochs() {
        return new WindowEpochs(
                positive(),
                times(),
                times(),
                rate(),
                maybe(this::release, false),
                maybe(
                        () -> new WindowEpochs.Coding(
                                rate(), share(), share(), share(), rate(), rate(), maybeRate(), maybeRate()),
                        false));
    }

    private WindowEpochs.Times times() {
        return new WindowEpochs.Times(count(), maybe(() -> new WindowEpochs.Tails(count(), count()), false), count());
    }

    private WindowEpochs.Release release() {
        Map<TriggerReason, Long> reasons = new EnumMap<>(TriggerReason.class);
        list(() -> any(TriggerReason.class)).forEach(reason -> reasons.put(reason, positive()));
        return new WindowEpochs.Release(reasons, rate(), rate(), count());
    }

    private OptionalDouble maybeRate() {
        Optional<Double> rate = maybe(this::rate, false);
        return rate.isPresent() ? OptionalDouble.of(rate.get()) : OptionalDouble.empty();
    }
}
