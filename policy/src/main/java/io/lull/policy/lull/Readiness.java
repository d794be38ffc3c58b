package io.lull.policy.lull;

import io.lull.policy.signal.DirtyCurve;
import io.lull.policy.signal.LineFit;

/**
 * Weighs what a silent epoch may grow to: a conversation that begins finds in its way the pages that were dirtied
 * meanwhile, and each checkpoint against that costs what goes on in the silence a pause.
 *
 * <pre>
 * loss(T) = r_silent · min(1, {@value #BACKGROUND_GAIN}·b_silent) · P(D(T)) / (T + P(D(T)))        of what goes on in silences
 *         + reaction · beginnings / talk time · commit(D(T/2))           of what the server does
 * T_silent = the T of a logarithmic grid with the least loss
 * work_ready = b_silent · T₂     commit(D(T₂)) = 2 · commit(D(1 ms))
 * </pre>
 *
 * <p>Both losses are shares of the activity's own time, as in proportional fairness: a server that works for a tenth of
 * the time loses ten times as much of itself in a millisecond as one that always works. A conversation begins at any
 * point of a silent epoch, on the average at half of it. Regimes: no beginnings, or clients that don't react: silent
 * epochs grow to T_max. A guest that does nothing in its silences loses nothing by checkpoints, and its few pages need
 * none. From work_ready on a rest in a silence is used for a checkpoint ({@code WaitJudge}).
 *
 * <p>Source: this project.
 */
final class Readiness {
    private static final int STEPS = 24;
    static final double BACKGROUND_GAIN = 4;
    private static final double LEAST_RATIO = 0.05;
    private static final double WORTH_RATIO = 2;
    private static final long SHORT_NANOS = 1_000_000;
    private static final double LEAST_BEGINNINGS = 0.5;

    private Readiness() {}

    /** The length of a silent epoch with the least loss, between the two given, nanoseconds. */
    static double epochNanos(LullState state, double least, double most) {
        double perNano = Silence.beginningsPerTalkNano(state.silence) * Reaction.ratio(state.reaction);
        if (state.silence.beginnings < LEAST_BEGINNINGS || least >= most) {
            return most;
        }
        double worth = Silence.silentRatio(state.silence)
                * Math.min(1, Math.max(LEAST_RATIO, BACKGROUND_GAIN * Silence.busyRatio(state.silence)));
        double best = most;
        double bestLoss = Double.MAX_VALUE;
        double factor = Math.pow(most / least, 1.0 / STEPS);
        double epoch = least;
        for (int i = 0; i <= STEPS; i++) {
            double pause = LineFit.at(state.pause, DirtyCurve.pagesAt(state.dirty, (long) epoch));
            double loss = worth * pause / (epoch + pause) + perNano * commitNanos(state, epoch / 2);
            if (loss < bestLoss) {
                bestLoss = loss;
                // The longest epoch counts from the start of the pause before it.
                best = Math.min(most, epoch + pause);
            }
            epoch *= factor;
        }
        return best;
    }

    /** vCPU work from which a rest is worth a checkpoint, nanoseconds; no bound where no conversation ever began. */
    static double workNanos(LullState state, double longestNanos) {
        if (state.silence.beginnings < LEAST_BEGINNINGS) {
            return NEVER;
        }
        double worth = WORTH_RATIO * commitNanos(state, SHORT_NANOS);
        double enough = DirtyCurve.nanosUntil(state.dirty, LineFit.reaches(state.commit, worth));
        double epochNanos = Math.max(Math.min(SHORT_NANOS, longestNanos), Math.min(longestNanos, enough));
        return epochNanos * Math.max(LEAST_RATIO, Silence.busyRatio(state.silence));
    }

    private static double commitNanos(LullState state, double epochNanos) {
        return LineFit.at(state.commit, DirtyCurve.pagesAt(state.dirty, (long) epochNanos));
    }

    static final double NEVER = 1e18;
}
