package io.lull.cluster.prometheus;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.HTTPServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Iterator;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.prometheus.AbstractPrometheusReporter;
import org.apache.flink.util.NetUtils;
import org.jspecify.annotations.Nullable;

/**
 * Flink's Prometheus reporter on loopback. Flink's own listens on every address of the machine, and has no option
 * against that. Everything but the listening is Flink's; {@code port} is a port or a range of which the first free one
 * is taken.
 */
final class LoopbackReporter extends AbstractPrometheusReporter {
    private @Nullable HTTPServer server;

    @Override
    public void open(MetricConfig config) {
        super.open(config);
        String range = config.getString("port", "9249");
        Iterator<Integer> ports = NetUtils.getPortRangeFromString(range);
        while (server == null && ports.hasNext()) {
            try {
                server = new HTTPServer(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.next()), registry(), true);
            } catch (IOException taken) {
                log.debug("a port of {} is taken: {}", range, taken.getMessage());
            }
        }
        if (server == null) {
            throw new UncheckedIOException(new IOException("metrics.reporter.prom.port: no port of " + range
                    + " is free; give a range with a port for each process"));
        }
        log.info("metrics for Prometheus are at 127.0.0.1:{}", server.getPort());
    }

    /** The registry that the reporter fills; Flink keeps it to its own package. */
    private CollectorRegistry registry() {
        try {
            Field field = AbstractPrometheusReporter.class.getDeclaredField("registry");
            field.setAccessible(true);
            return (CollectorRegistry) field.get(this);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this version of Flink keeps its metrics elsewhere: adapt "
                            + LoopbackReporter.class.getSimpleName(),
                    e);
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop();
        }
        super.close();
    }
}
