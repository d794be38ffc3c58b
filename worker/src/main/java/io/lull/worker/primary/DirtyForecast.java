package io.lull.worker.primary;

import io.lull.policy.signal.DirtyCurve;
import io.lull.policy.signal.DirtyCurveState;

/**
 * Foretells the dirty pages of an epoch from those of the epochs before it. Immutable, so that the capture thread can
 * learn while the trigger reads.
 */
final class DirtyForecast {
    /** Of a VM that no epoch is known of: it expects nothing. */
    static final DirtyForecast NONE = new DirtyForecast(new DirtyCurveState());

    /** Changed by nobody once it is here. */
    private final DirtyCurveState learned;

    private DirtyForecast(DirtyCurveState learned) {
        this.learned = learned;
    }

    /** What is to be expected after one more epoch, in which the guest ran for {@code lengthNanos}. */
    DirtyForecast after(long lengthNanos, long dirtyPages) {
        DirtyCurveState next = learned.copy();
        DirtyCurve.update(next, lengthNanos, dirtyPages);
        return new DirtyForecast(next);
    }

    /** Dirty pages to expect after {@code elapsedNanos}. */
    double pagesAt(long elapsedNanos) {
        return DirtyCurve.pagesAt(learned, elapsedNanos);
    }
}
