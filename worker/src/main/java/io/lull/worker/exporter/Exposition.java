package io.lull.worker.exporter;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.worker.exporter.WorkerMetric.Sample;
import io.lull.worker.exporter.WorkerStatus.Role;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns what workers answered into metrics. Every sample bears the worker's {@code run_dir}, which no two workers share, and
 * but for {@code lull_worker_up} its {@code vm} and {@code role}.
 */
final class Exposition {
    static final String UP = "lull_worker_up";
    static final String LEFT_OUT = "lull_exporter_workers_left_out";
    static final String UP_MEANS = "whether the worker answers";
    static final String LEFT_OUT_MEANS = "workers that were not asked, beyond " + Workers.MOST_WORKERS;

    private Exposition() {}

    /** @param leftOut workers that were not asked */
    static MetricSnapshots of(List<WorkerStatus> workers, int leftOut) {
        List<MetricSnapshot> all = new ArrayList<>();
        GaugeSnapshot.Builder up = GaugeSnapshot.builder().name(UP).help(UP_MEANS);
        for (WorkerStatus worker : workers) {
            up.dataPoint(gauge(worker.document().isPresent() ? 1 : 0, runDir(worker)));
        }
        all.add(up.build());
        all.add(GaugeSnapshot.builder()
                .name(LEFT_OUT)
                .help(LEFT_OUT_MEANS)
                .dataPoint(gauge(leftOut, Labels.EMPTY))
                .build());
        for (WorkerMetric metric : WorkerMetric.values()) {
            all.add(of(metric, workers));
        }
        return new MetricSnapshots(all);
    }

    private static MetricSnapshot of(WorkerMetric metric, List<WorkerStatus> workers) {
        GaugeSnapshot.Builder gauges =
                GaugeSnapshot.builder().name(metric.metricName()).help(metric.meaning());
        CounterSnapshot.Builder counters =
                CounterSnapshot.builder().name(metric.metricName()).help(metric.meaning());
        for (WorkerStatus worker : workers) {
            sample(metric, worker).ifPresent(sample -> {
                Labels labels = labels(worker, sample);
                if (metric.kind() == WorkerMetric.Kind.COUNTER) {
                    counters.dataPoint(CounterDataPointSnapshot.builder()
                            .value(sample.value())
                            .labels(labels)
                            .build());
                } else {
                    gauges.dataPoint(gauge(sample.value(), labels));
                }
            });
        }
        return metric.kind() == WorkerMetric.Kind.COUNTER ? counters.build() : gauges.build();
    }

    private static Optional<Sample> sample(WorkerMetric metric, WorkerStatus worker) {
        return worker.document()
                .filter(document -> metric.roles().contains(WorkerStatus.role(document)))
                .flatMap(metric::in);
    }

    private static Labels labels(WorkerStatus worker, Sample sample) {
        JsonNode document = worker.document().orElseThrow();
        Role role = WorkerStatus.role(document);
        Labels labels = runDir(worker).merge(Labels.of("vm", document.path("vm").asText(), "role", role.label()));
        return sample.state()
                .map(state -> labels.merge(Labels.of("state", state)))
                .orElse(labels);
    }

    private static Labels runDir(WorkerStatus worker) {
        return Labels.of("run_dir", worker.runDir().toString());
    }

    private static GaugeDataPointSnapshot gauge(double value, Labels labels) {
        return GaugeDataPointSnapshot.builder().value(value).labels(labels).build();
    }
}
