package io.lull.local.fault;

import io.lull.local.Await;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.worker.primary.Reporting;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a worker reports. */
final class SeenEvents implements Reporting {
    private final List<ReplicationEvent> events = new CopyOnWriteArrayList<>();
    private final List<EpochReport> reports = new CopyOnWriteArrayList<>();

    @Override
    public void telemetry(VmSample sample, long mayWaitNanos) {}

    @Override
    public void report(EpochReport report) {
        reports.add(report);
    }

    @Override
    public void event(ReplicationEvent event) {
        events.add(event);
    }

    /** Of the epochs that were committed. */
    List<EpochReport> reports() {
        return List.copyOf(reports);
    }

    long count(ReplicationEvent.Kind kind) {
        return events.stream().filter(event -> event.kind() == kind).count();
    }

    /** Details of the events of a kind. */
    List<String> details(ReplicationEvent.Kind kind) {
        return events.stream()
                .filter(event -> event.kind() == kind)
                .map(ReplicationEvent::detail)
                .toList();
    }

    /** Waits until {@code count} events of a kind were seen in all. */
    void await(ReplicationEvent.Kind kind, long count, long limitMillis) throws IOException {
        Await.until(count + " events " + kind + "; seen: " + events, limitMillis, () -> count(kind) >= count);
    }
}
