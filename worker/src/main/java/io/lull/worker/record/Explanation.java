package io.lull.worker.record;

import io.lull.policy.Decision;
import io.lull.policy.signal.EpochReport;
import java.util.Optional;

/**
 * Why an epoch was cut where it was: its report, and the decision behind it.
 *
 * @param source who decided, and whether the decision was found
 * @param decision present exactly when it was found
 */
public record Explanation(EpochReport report, Source source, Optional<Decision> decision) {
    public Explanation {
        if (decision.isPresent() != (source == Source.DECISION)) {
            throw new IllegalArgumentException("source " + source + " of epoch " + report.epoch()
                    + (decision.isPresent() ? " has a decision" : " has no decision"));
        }
    }

    /** Who decided, and what is known of it. */
    public enum Source {
        /** The decision of the job, which was found. */
        DECISION,
        /** The worker alone: no plan of the job held, or its own limits ended the epoch. */
        WORKER,
        /** A decision of the job that is not among those that were read: older, or never published. */
        NOT_FOUND,
        /** A decision of the job, and no decisions were there to be read: a recording holds none. */
        NOT_READ
    }
}
