package io.lull.local.loop;

import io.lull.policy.HardLimits;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.worker.config.KafkaConfig;
import io.lull.worker.kafka.KafkaSide;
import io.lull.worker.primary.Reporting;
import io.lull.worker.primary.SimulatedPrimary;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A worker around a simulated guest that runs by a real clock, if a slow one, on threads of its own, and talks to the job
 * through Kafka as every worker does.
 */
public final class LiveLoop implements Reporting, AutoCloseable {
    private final VmId vm;
    private final SlowClock clock;
    private final Predicate<WorkerCommand> heeds;
    private final KafkaSide kafka;
    private final SimulatedPrimary worker;
    private final Queue<EpochReport> reports = new ConcurrentLinkedQueue<>();

    /**
     * A worker that does not run yet.
     *
     * @param periods in the guest's time
     * @param heeds which commands reach the worker's control
     */
    public LiveLoop(
            Trial trial,
            VmId vm,
            KafkaConfig config,
            SlowClock clock,
            SimulatedPrimary.Periods periods,
            Predicate<WorkerCommand> heeds)
            throws Exception {
        this.vm = vm;
        this.clock = clock;
        this.heeds = heeds;
        this.kafka = KafkaSide.connect(config);
        // The loop sleeps by the machine's clock.
        SimulatedPrimary.Periods slept = new SimulatedPrimary.Periods(
                periods.tickNanos() * clock.slowdown(), periods.telemetryNanos(), periods.fastTelemetryNanos());
        this.worker = new SimulatedPrimary(
                trial.guest(vm),
                new SimulatedPrimary.Means(HardLimits.DEFAULT, slept, clock::nanos, clock::micros, this, true));
    }

    /** Runs from now on; the clock runs. */
    public void start() {
        kafka.follow(vm, command -> {
            if (heeds.test(command)) {
                worker.command(command);
            }
        });
        worker.start();
    }

    /** The epochs that ended within this stretch of the guest's time. */
    public List<Epoch> epochs(long fromNanos, long spanNanos) {
        return within(fromNanos, spanNanos).map(Epoch::of).toList();
    }

    /** How long commands took from the sample to the worker's firing in this stretch, in the guest's time; ascending. */
    public List<Long> waysNanos(long fromNanos, long spanNanos) {
        return within(fromNanos, spanNanos)
                .filter(report -> report.reason() == TriggerReason.COMMAND)
                .map(report -> report.trigger().signalToDecisionNanos())
                .sorted()
                .toList();
    }

    private Stream<EpochReport> within(long fromNanos, long spanNanos) {
        long fromMicros = clock.microsAt(fromNanos);
        return reports.stream()
                .filter(report ->
                        report.endedAtMicros() >= fromMicros && report.endedAtMicros() < fromMicros + spanNanos / 1000);
    }

    @Override
    public void telemetry(VmSample sample, long mayWaitNanos) {
        kafka.telemetry(sample, mayWaitNanos);
    }

    @Override
    public void report(EpochReport report) {
        reports.add(report);
        kafka.report(report);
    }

    @Override
    public void event(ReplicationEvent event) {
        kafka.event(event);
    }

    @Override
    public void close() {
        worker.close();
        kafka.close();
    }
}
