package io.lull.worker.exporter;

import io.lull.worker.exporter.WorkerMetric.Kind;
import io.lull.worker.exporter.WorkerMetric.Sample;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns what workers answered into metrics. Every sample of a worker bears its {@code run_dir}, which no two workers share, and
 * but for {@code lull_worker_up} its {@code vm} and {@code role}.
 */
final class Exposition {
    /** What the exporter says by itself, not by a worker's document. */
    enum Own {
        UP("lull_worker_up", "each folder", "whether the worker answers"),
        LEFT_OUT(
                "lull_exporter_workers_left_out",
                "the exporter",
                "workers that were not asked: more than " + Workers.MOST + ", or others took too long"),
        UNREAD(
                "lull_exporter_unread_folders",
                "the exporter",
                "folders given by `--below` that can't be read, or aren't there");

        private final String metricName;
        private final String of;
        private final String meaning;

        Own(String metricName, String of, String meaning) {
            this.metricName = metricName;
            this.of = of;
            this.meaning = meaning;
        }

        String metricName() {
            return metricName;
        }

        /** Of what there is one sample each. */
        String of() {
            return of;
        }

        /** What it is, in a line. */
        String meaning() {
            return meaning;
        }
    }

    private Exposition() {}

    static MetricSnapshots of(Answers answers) {
        List<MetricSnapshot> all = new ArrayList<>();
        GaugeSnapshot.Builder up = gauges(Own.UP.metricName(), Own.UP.meaning());
        answers.workers().forEach((folder, status) -> up.dataPoint(gauge(status.isPresent() ? 1 : 0, runDir(folder))));
        all.add(up.build());
        all.add(one(Own.LEFT_OUT, answers.leftOut()));
        all.add(one(Own.UNREAD, answers.unreadParents()));
        for (WorkerMetric metric : WorkerMetric.values()) {
            all.add(metric.kind() == Kind.COUNTER ? counters(metric, answers) : gauges(metric, answers));
        }
        return new MetricSnapshots(all);
    }

    private static MetricSnapshot one(Own own, int value) {
        return gauges(own.metricName(), own.meaning())
                .dataPoint(gauge(value, Labels.EMPTY))
                .build();
    }

    private static MetricSnapshot gauges(WorkerMetric metric, Answers answers) {
        GaugeSnapshot.Builder gauges = gauges(metric.metricName(), metric.meaning());
        eachSample(metric, answers, (labels, value) -> gauges.dataPoint(gauge(value, labels)));
        return gauges.build();
    }

    private static MetricSnapshot counters(WorkerMetric metric, Answers answers) {
        CounterSnapshot.Builder counters =
                CounterSnapshot.builder().name(metric.metricName()).help(metric.meaning());
        eachSample(
                metric,
                answers,
                (labels, value) -> counters.dataPoint(CounterDataPointSnapshot.builder()
                        .value(value)
                        .labels(labels)
                        .build()));
        return counters.build();
    }

    private interface ToSample {
        void with(Labels labels, double value);
    }

    private static void eachSample(WorkerMetric metric, Answers answers, ToSample then) {
        answers.workers()
                .forEach((folder, answer) -> answer.ifPresent(status -> {
                    Optional<Sample> sample =
                            Optional.ofNullable(status.samples().get(metric));
                    sample.ifPresent(known -> then.with(labels(folder, status, known), known.value()));
                }));
    }

    private static Labels labels(Path folder, WorkerStatus status, Sample sample) {
        Labels labels = runDir(folder)
                .merge(Labels.of(
                        "vm", status.vm().value(), "role", status.role().label()));
        return sample.state()
                .map(state -> labels.merge(Labels.of("state", state)))
                .orElse(labels);
    }

    private static Labels runDir(Path folder) {
        return Labels.of("run_dir", folder.toString());
    }

    private static GaugeSnapshot.Builder gauges(String name, String help) {
        return GaugeSnapshot.builder().name(name).help(help);
    }

    private static GaugeDataPointSnapshot gauge(double value, Labels labels) {
        return GaugeDataPointSnapshot.builder().value(value).labels(labels).build();
    }
}
