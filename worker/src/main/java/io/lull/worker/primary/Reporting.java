package io.lull.worker.primary;

import io.lull.policy.ReplicationEvent;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;

/**
 * Where a worker says what it sees and does. No call blocks or fails; telemetry may be dropped, reports and events only
 * past a bound that covers more than an hour.
 */
public interface Reporting {
    /**
     * Publishes a sample.
     *
     * @param mayWaitNanos how long it may wait for others to go with
     */
    void telemetry(VmSample sample, long mayWaitNanos);

    void report(EpochReport report);

    void event(ReplicationEvent event);
}
