package io.lull.policy.guard;

import io.lull.policy.Checks;
import io.lull.policy.EpochPlan;

/**
 * Withholds every plan once telemetry is silent: a plan made of old samples is a guess, and without one the lease of
 * the last plan lapses and the worker falls back to its safe interval.
 */
public final class FreshnessGuard implements PlanGuard {
    private final long stalenessMicros;

    /** A guard that withholds plans from {@code stalenessMicros} without a sample. */
    public FreshnessGuard(long stalenessMicros) {
        this.stalenessMicros = Checks.positive("stalenessMicros", stalenessMicros);
    }

    @Override
    public String name() {
        return "freshness";
    }

    @Override
    public GuardedPlan guard(EpochPlan plan, GuardInput input) {
        long silentMicros = input.nowMicros() - input.lastSampleMicros();
        if (silentMicros < stalenessMicros) {
            return GuardedPlan.unchanged(plan);
        }
        return GuardedPlan.withheld(
                plan,
                this,
                "no plan: telemetry silent for " + silentMicros / 1000 + " ms, limit " + stalenessMicros / 1000
                        + " ms");
    }
}
