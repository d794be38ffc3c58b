package io.lull.worker.exporter;

import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.exporter.httpserver.HttpErrorHandlingPolicy;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the workers of this host to Prometheus, on {@code /metrics}. They are asked when it scrapes, and however many scrape,
 * once a second at most: whoever may connect here must not keep a worker busy.
 */
public final class Exporter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Exporter.class);
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final InetSocketAddress listen;
    private final LongSupplier nanoClock;
    private final Folders folders;
    private final Workers workers;
    private final HTTPServer server;
    private Optional<Collected> last = Optional.empty();

    /** What was collected, and when that was done. */
    private record Collected(MetricSnapshots metrics, long atNanos) {}

    /**
     * Serves from now on.
     *
     * @param runDirs folders of workers that must be there: who doesn't answer is shown as down
     * @param parents folders in which workers have theirs; one counts while its status socket is there
     * @throws IOException when the address can't be had
     */
    public Exporter(InetSocketAddress listen, List<Path> runDirs, List<Path> parents, LongSupplier nanoClock)
            throws IOException {
        this.listen = listen;
        this.nanoClock = nanoClock;
        FolderLog log = new FolderLog();
        this.folders = new Folders(runDirs, parents, log);
        this.workers = new Workers(log);
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register((MultiCollector) this::collect);
        try {
            this.server = HTTPServer.builder()
                    .inetAddress(listen.getAddress())
                    .port(listen.getPort())
                    .registry(registry)
                    .errorHandlingPolicy(HttpErrorHandlingPolicy.builder()
                            .errorReporter(
                                    failure -> LOG.error("a scrape failed, which is a bug of the exporter", failure))
                            .build())
                    .buildAndStart();
        } catch (IOException e) {
            workers.close();
            throw new IOException(
                    "cannot listen on " + listen + " (" + e.getMessage() + "): end who has it, or give another address",
                    e);
        }
    }

    /** Where it serves. */
    public InetSocketAddress address() {
        return new InetSocketAddress(listen.getAddress(), server.getPort());
    }

    private synchronized MetricSnapshots collect() {
        Optional<Collected> fresh = last.filter(then -> nanoClock.getAsLong() - then.atNanos() < FRESH_NANOS);
        if (fresh.isPresent()) {
            return fresh.get().metrics();
        }
        try {
            Collected now = new Collected(Exposition.of(workers.ask(folders.look())), nanoClock.getAsLong());
            last = Optional.of(now);
            return now.metrics();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while workers were asked: the exporter ends", e);
        }
    }

    @Override
    public void close() {
        server.close();
        workers.close();
    }
}
