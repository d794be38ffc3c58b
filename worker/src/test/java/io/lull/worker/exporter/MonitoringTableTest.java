package io.lull.worker.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of metrics in docs/monitoring.md is the code's. */
class MonitoringTableTest {
    private static final String BEGIN = "<!-- begin metrics: generated -->\n";
    private static final String END = "<!-- end metrics -->";

    private static String table() {
        StringBuilder table = new StringBuilder("| metric | kind | of | what |\n|---|---|---|---|\n");
        for (Exposition.Own own : Exposition.Own.values()) {
            table.append(row(own.metricName(), "gauge", own.of(), own.meaning()));
        }
        for (WorkerMetric metric : WorkerMetric.values()) {
            table.append(row(metric.exposedName(), kind(metric), roles(metric), metric.meaning()));
        }
        return table.toString();
    }

    private static String row(String name, String kind, String of, String what) {
        return "| `%s` | %s | %s | %s |%n".formatted(name, kind, of, what);
    }

    private static String kind(WorkerMetric metric) {
        return switch (metric.kind()) {
            case COUNTER -> "counter";
            case GAUGE, NANOS, TIME -> "gauge";
            case STATE -> "1, with `state`";
            case FLAG -> "0 or 1";
        };
    }

    private static String roles(WorkerMetric metric) {
        return metric.roles().stream().map(WorkerStatus.Role::label).collect(Collectors.joining(", "));
    }

    @Test
    void theTableIsTheOneThatTheCodeGenerates() throws IOException {
        String document = Files.readString(Path.of("docs/monitoring.md"));
        int from = document.indexOf(BEGIN) + BEGIN.length();
        String renewed = document.substring(0, from) + table() + document.substring(document.indexOf(END));
        Path written = Files.writeString(Path.of("target/monitoring.md"), renewed);

        assertThat(document)
                .as("out of date: cp worker/%s worker/docs/monitoring.md", written)
                .isEqualTo(renewed);
    }

    @Test
    void noTwoMetricsHaveTheSameName() {
        assertThat(Arrays.stream(WorkerMetric.values()).map(WorkerMetric::exposedName))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("lull_[a-z_]+"));
    }
}
