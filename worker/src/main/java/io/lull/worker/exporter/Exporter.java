package io.lull.worker.exporter;

import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** Serves the workers of this host to Prometheus, on {@code /metrics}; they are asked when it scrapes. */
public final class Exporter implements AutoCloseable {
    private final Workers workers;
    private final HTTPServer server;
    private final InetSocketAddress listen;

    /**
     * Serves from now on.
     *
     * @param runDirs folders of workers that must be there: who doesn't answer is shown as down
     * @param parents folders in which workers have theirs; one counts while its status socket is there
     * @throws IOException when the address can't be had
     */
    public Exporter(InetSocketAddress listen, List<Path> runDirs, List<Path> parents) throws IOException {
        this.listen = listen;
        this.workers = new Workers(runDirs, parents);
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register((MultiCollector) this::collect);
        try {
            this.server = HTTPServer.builder()
                    .inetAddress(listen.getAddress())
                    .port(listen.getPort())
                    .registry(registry)
                    .buildAndStart();
        } catch (IOException e) {
            workers.close();
            throw new IOException("cannot listen on " + listen + ": " + e.getMessage(), e);
        }
    }

    /** Where it serves. */
    public InetSocketAddress address() {
        return new InetSocketAddress(listen.getAddress(), server.getPort());
    }

    private MetricSnapshots collect() {
        List<Path> folders = workers.folders();
        List<Path> asked = folders.subList(0, Math.min(folders.size(), Workers.MOST_WORKERS));
        try {
            return Exposition.of(workers.ask(asked), folders.size() - asked.size());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return MetricSnapshots.of();
        }
    }

    @Override
    public void close() {
        server.close();
        workers.close();
    }
}
