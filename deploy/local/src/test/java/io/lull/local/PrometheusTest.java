package io.lull.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.monitor.JobMetric;
import io.lull.job.monitor.JobMetric.Kind;
import io.lull.job.monitor.JobMetric.Operator;
import io.lull.policy.VmId;
import io.lull.schemas.topic.Topics;
import io.lull.schemas.wire.Wire;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job's metrics as Prometheus finds them, with the settings that the job's README gives. */
class PrometheusTest {
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final Wire WIRE = new Wire();
    private static final VmId VM = new VmId("vm-1");

    @TempDir
    private Path folder;

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String scrape(int port) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    @Test
    void everyDocumentedMetricIsThere() throws Exception {
        int port = freePort();
        Map<String, String> reporter = Map.of(
                "metrics.reporters", "prom",
                "metrics.reporter.prom.factory.class", "org.apache.flink.metrics.prometheus.PrometheusReporterFactory",
                "metrics.reporter.prom.port", Integer.toString(port),
                "metrics.reporter.prom.filterLabelValueCharacters", "false");
        try (JobOnBroker running = JobOnBroker.start(folder, TOPICS, reporter)) {
            LullSamples samples = new LullSamples(VM, 7);
            running.until("commands to be counted", () -> {
                running.topics().send(TOPICS.telemetry().name(), VM.value(), WIRE.encode(samples.next()));
                return scrape(port)
                        .lines()
                        .anyMatch(line ->
                                line.startsWith(prefix(Operator.SCHEDULE) + "commands{") && !line.endsWith(" 0.0"));
            });
            List<String> series = scrape(port)
                    .lines()
                    .filter(line -> !line.startsWith("#") && line.contains("_operator_"))
                    .toList();

            for (JobMetric metric : JobMetric.values()) {
                String name = prefix(metric.operator()) + metric.label();
                String begin = metric.kind() == Kind.HISTOGRAM ? name + "_count{" : name + "{";
                assertThat(series.stream().anyMatch(line -> line.startsWith(begin)))
                        .as(begin)
                        .isTrue();
            }
            assertThat(has(series, "policy=\"plover.idle\"")).isTrue();
            assertThat(has(series, "operator_name=\"triage telemetry\"")).isTrue();
            assertThat(has(series, VM.value())).as("anything by VM").isFalse();
        }
    }

    private static boolean has(List<String> series, String text) {
        return series.stream().anyMatch(line -> line.contains(text));
    }

    private static String prefix(Operator operator) {
        String ofOperators = "flink_taskmanager_job_task_operator_";
        return operator == Operator.POLICY ? ofOperators + "policy_" : ofOperators;
    }
}
