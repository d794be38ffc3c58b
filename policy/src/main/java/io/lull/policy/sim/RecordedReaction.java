package io.lull.policy.sim;

import java.util.OptionalDouble;

/**
 * Tells from a recording whether its clients waited for their answers.
 *
 * <pre>
 * reaction = 1 − (asked per time while answers are held) / (asked per time), 0..1
 * </pre>
 *
 * <p>Held means: nothing pends, frames are held, and none was let go for two samples, so that none of those freed last
 * is still asking. A closed loop asks nothing then (1), an open one asks as ever (0). Unknown when there was less than
 * {@value #ENOUGH_NANOS} ns of such time, as in a recording without output commit or of a server that never rests.
 */
final class RecordedReaction {
    /** From here on clients are taken to wait. */
    static final double WAITING_RATIO = 0.5;

    private static final double ENOUGH_NANOS = 20e6;
    private static final int QUIET_SAMPLES = 2;

    private RecordedReaction() {}

    static OptionalDouble of(RecordedSeries series) {
        double heldNanos = 0;
        double heldAsked = 0;
        int quiet = 0;
        for (int i = 1; i < series.size; i++) {
            boolean released = series.heldPackets[i - 1] + series.sentPackets[i] > series.heldPackets[i];
            if (!released && quiet >= QUIET_SAMPLES && series.heldPackets[i - 1] > 0 && series.pending[i - 1] == 0) {
                heldNanos += series.lengthNanos[i];
                heldAsked += series.asked[i];
            }
            quiet = released ? 0 : quiet + 1;
        }
        double asked = RecordedSeries.sum(series.asked);
        if (heldNanos < ENOUGH_NANOS || asked == 0) {
            return OptionalDouble.empty();
        }
        double usual = asked / RecordedSeries.sum(series.lengthNanos);
        return OptionalDouble.of(Math.max(0, Math.min(1, 1 - heldAsked / heldNanos / usual)));
    }
}
