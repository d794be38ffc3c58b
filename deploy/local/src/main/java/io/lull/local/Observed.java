package io.lull.local;

import io.lull.policy.ReplicationEvent;
import io.lull.policy.signal.EpochReport;
import io.lull.worker.kafka.RecordTail;
import io.lull.worker.kafka.TailListener;
import io.lull.worker.kafka.TopicTails;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** All epoch reports and events of a run, as they come out of Kafka. Thread-safe. */
public final class Observed implements AutoCloseable {
    private static final Duration FOLLOWING_LIMIT = Duration.ofSeconds(30);
    /** About seven hours at 40 epochs a second: a bound, not a working size. */
    private static final int MAX_REPORTS = 1_000_000;

    private final List<EpochReport> reports = new ArrayList<>();
    private final List<ReplicationEvent> events = new ArrayList<>();
    private final RecordTail<EpochReport> reportTail;
    private final RecordTail<ReplicationEvent> eventTail;

    private Observed(TopicTails tails) {
        reportTail = tails.epochs(new TailListener<>() {
            @Override
            public void record(EpochReport report) {
                add(report);
            }
        });
        eventTail = tails.events(new TailListener<>() {
            @Override
            public void record(ReplicationEvent event) {
                add(event);
            }
        });
    }

    /** Begins to observe; what is written after this returns is seen. */
    public static Observed follow(TopicTails tails) throws IOException {
        Observed observed = new Observed(tails);
        observed.reportTail.start();
        observed.eventTail.start();
        try {
            if (!observed.reportTail.awaitFollowing(FOLLOWING_LIMIT)
                    || !observed.eventTail.awaitFollowing(FOLLOWING_LIMIT)) {
                throw new IOException("Kafka's topics could not be followed within " + FOLLOWING_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return observed;
    }

    private synchronized void add(EpochReport report) {
        if (reports.size() < MAX_REPORTS) {
            reports.add(report);
        }
    }

    private synchronized void add(ReplicationEvent event) {
        events.add(event);
    }

    /** The reports from number {@code from} on, in the order they came. */
    public synchronized List<EpochReport> reports(int from) {
        return List.copyOf(reports.subList(Math.min(from, reports.size()), reports.size()));
    }

    /**
     * The reports from number {@code from} on but for those of epochs that carried a session's initial copy: the first
     * commits after which the VM was said to be protected.
     */
    public synchronized List<EpochReport> steadyReports(int from) {
        Set<Long> copies = events.stream()
                .filter(event -> event.kind() == ReplicationEvent.Kind.PROTECTED)
                .map(ReplicationEvent::epoch)
                .collect(Collectors.toSet());
        // The event names the epoch that follows the copy.
        return reports(from).stream()
                .filter(report -> !copies.contains(report.epoch() + 1))
                .toList();
    }

    public synchronized int reportCount() {
        return reports.size();
    }

    public synchronized List<ReplicationEvent> events() {
        return List.copyOf(events);
    }

    /** Whether an event of this kind came at or after {@code sinceMicros}. */
    public synchronized boolean saw(ReplicationEvent.Kind kind, long sinceMicros) {
        return events.stream().anyMatch(event -> event.kind() == kind && event.atMicros() >= sinceMicros);
    }

    @Override
    public void close() {
        try {
            reportTail.close();
            eventTail.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
