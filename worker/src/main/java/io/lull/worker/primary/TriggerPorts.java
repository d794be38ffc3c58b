package io.lull.worker.primary;

import io.lull.policy.signal.VmSample;
import io.lull.producer.procfs.ProbeException;
import java.util.function.LongSupplier;

/**
 * What the trigger loop looks at and how often.
 *
 * @param probe samples for the trigger; an own one, since a sample covers the time since the probe's last
 * @param telemetryProbe samples for the telemetry topic
 * @param telemetry takes each sample to be published
 * @param signOfLife tells the watchdog process that this loop lives
 */
record TriggerPorts(
        Probe probe,
        Probe telemetryProbe,
        Telemetry telemetry,
        Runnable signOfLife,
        LongSupplier nanoClock,
        LongSupplier wallMicros,
        Periods periods) {

    /**
     * How often.
     *
     * @param tickNanos of the loop
     * @param telemetryNanos of telemetry while the trigger is on the host: how old a sample may be when it is sent
     * @param fastTelemetryNanos of telemetry while the trigger is in the job, or the plan weighs what waits
     */
    record Periods(long tickNanos, long telemetryNanos, long fastTelemetryNanos) {}

    /** Samples one VM; each sample covers the time since the one before. */
    @FunctionalInterface
    interface Probe {
        VmSample sample(long nowNanos, long nowMicros) throws ProbeException;
    }

    /** Takes the samples that are to be published; must not block. */
    @FunctionalInterface
    interface Telemetry {
        /**
         * Takes a sample.
         *
         * @param mayWaitNanos how long it may wait for others to go with
         */
        void sampled(VmSample sample, long mayWaitNanos);
    }
}
