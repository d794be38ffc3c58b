package io.lull.cluster.prometheus;

import java.util.Properties;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** Makes {@link LoopbackReporter}s; Flink finds it as a service and asks for it by its name in the configuration. */
public final class LoopbackReporterFactory implements MetricReporterFactory {
    @Override
    public MetricReporter createMetricReporter(Properties properties) {
        return new LoopbackReporter();
    }
}
