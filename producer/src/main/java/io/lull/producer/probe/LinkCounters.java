package io.lull.producer.probe;

import io.lull.policy.Checks;

/** What the shipper knows of the replication link. Called for every sample: no waiting. */
@FunctionalInterface
public interface LinkCounters {
    /** A link that nothing has been sent on. */
    LinkCounters UNKNOWN = () -> new Link(false, 0, 0);

    Link link();

    /**
     * The link now.
     *
     * @param known whether its rate has been measured; when false {@code bytesPerSecond} is 0
     * @param backlogBytes queued for the backup and not yet sent
     */
    record Link(boolean known, long bytesPerSecond, long backlogBytes) {
        public Link {
            Checks.notNegative("bytesPerSecond", bytesPerSecond);
            Checks.notNegative("backlogBytes", backlogBytes);
        }
    }
}
