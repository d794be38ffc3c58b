package io.lull.local.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.exporter.Exporter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Prometheus is promised of the workers of a host, looked for at workers that run. */
final class ServedMetrics {
    private static final Pattern ROW = Pattern.compile("\\| `(lull_[a-z_]+)` \\|.*");

    private ServedMetrics() {}

    /**
     * Fails unless a primary and a backup that have their folders there say all that the worker's table lists.
     *
     * @param root of the repository
     * @param runDirs where their runDirs lie
     */
    static void assertAllThere(Path root, Path runDirs) throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Exporter exporter = new Exporter(anyPort, List.of(), List.of(runDirs), System::nanoTime)) {
            URI metrics = URI.create("http://127.0.0.1:" + exporter.address().getPort() + "/metrics");
            String served = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                    .body();
            assertThat(documented(root)).hasSizeGreaterThan(20).allSatisfy(name -> assertThat(served)
                    .containsPattern("(?m)^" + name + "[{ ]"));
        }
    }

    private static List<String> documented(Path root) throws IOException {
        return Files.readAllLines(root.resolve("worker/docs/monitoring.md")).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> row.group(1))
                .toList();
    }
}
