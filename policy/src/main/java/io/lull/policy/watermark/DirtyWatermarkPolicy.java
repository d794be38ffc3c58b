package io.lull.policy.watermark;

import io.lull.policy.Conditions;
import io.lull.policy.DirtyRule;
import io.lull.policy.EpochPlan;
import io.lull.policy.NamedPolicy;
import io.lull.policy.Objectives;
import io.lull.policy.Reason;
import io.lull.policy.Signal;
import io.lull.policy.remus.TransferFit;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import java.util.Set;

/**
 * A checkpoint when the dirty pages pass a high-water mark, and at T_max at the latest: the deadline scheduling that the
 * authors of Remus suggest.
 *
 * <pre>
 * checkpoint when dirty pages ≥ D_max or epoch age ≥ T_max
 * transfer(D_max) = T      by {@link TransferFit}, unless D_max is given
 * </pre>
 *
 * <p>Regimes: a guest that writes fast has short epochs, so that each ships within T; a guest that writes little has the
 * fixed schedule of T_max, however much of its output waits; a link whose constant cost is above T gives D_max = 1, a
 * checkpoint as soon as any page is dirty.
 *
 * <p>Source: Cully et al., <i>Remus</i>, NSDI 2008: "deadline scheduling", pausing early when the number of dirty pages
 * passes a high-water mark. Left open there, hence a swept parameter: the mark, and T. T_max is
 * {@link Objectives#maxEpochNanos()}.
 *
 * <p>Divergences: the other half of the suggestion, slowing the guest down, needs a guest that can be slowed and is left
 * out. Where pages are predicted between checkpoints, the mark is met in prediction.
 */
public final class DirtyWatermarkPolicy extends NamedPolicy<DirtyWatermarkState> {
    public static final String NAME = "watermark";

    /** 4 TiB of pages: where pages cost nothing to ship, no number of them ends an epoch. */
    private static final long MOST_PAGES = 1L << 30;

    private final DirtyWatermarkSettings settings;

    public DirtyWatermarkPolicy(DirtyWatermarkSettings settings) {
        super(NAME, Set.of(Signal.DIRTY_PAGES), DirtyWatermarkState.class, DirtyWatermarkState::new);
        this.settings = settings;
    }

    @Override
    public void onSample(DirtyWatermarkState state, SampleView sample, Objectives objectives) {}

    @Override
    public void onReport(DirtyWatermarkState state, EpochReport report, Objectives objectives) {
        if (settings.maxDirtyPages().isEmpty() && TransferFit.update(state.transfer, report)) {
            state.revision++;
        }
    }

    @Override
    public EpochPlan plan(DirtyWatermarkState state, Objectives objectives) {
        long maxDirtyPages = settings.maxDirtyPages()
                .orElseGet(() ->
                        Math.max(1, TransferFit.pagesWithin(state.transfer, settings.transferNanos(), MOST_PAGES)));
        long maxEpochNanos = objectives.maxEpochNanos();
        Reason reason = Reason.of("at most " + maxDirtyPages + " dirty pages, at most " + maxEpochNanos / 1000 + " us");
        return new EpochPlan(
                NAME, 0, maxEpochNanos, Conditions.of(new DirtyRule(maxDirtyPages)), objectives.placement(), reason);
    }
}
