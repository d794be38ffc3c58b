package io.lull.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.Samples;
import io.lull.job.stream.Inbound;
import java.util.Random;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.RelativeClock;
import org.apache.flink.util.clock.SystemClock;
import org.junit.jupiter.api.Test;

/** The watermark of a partition in which one host's clock is wrong. */
class EventTimeTest {
    private static final long START_MILLIS = 1_700_000_000_000L;
    private static final long HOUR_MILLIS = 3_600_000;

    private final WatermarkGenerator<Inbound> generator =
            CheckpointSchedulingJob.watermarks().createWatermarkGenerator(new Context());
    private final Newest newest = new Newest();

    private static final class Context implements WatermarkGeneratorSupplier.Context {
        @Override
        public MetricGroup getMetricGroup() {
            return new UnregisteredMetricsGroup();
        }

        @Override
        public RelativeClock getInputActivityClock() {
            return SystemClock.getInstance();
        }
    }

    /** Keeps the newest watermark. */
    private static final class Newest implements WatermarkOutput {
        private long millis = Long.MIN_VALUE;

        @Override
        public void emitWatermark(Watermark watermark) {
            millis = watermark.getTimestamp();
        }

        @Override
        public void markIdle() {}

        @Override
        public void markActive() {}
    }

    private boolean isPassed(long appendedMillis, long claimedMillis) {
        Inbound inbound = Inbounds.appendedAt(appendedMillis, Samples.busy(7, 4, claimedMillis * 1000));
        boolean passed = inbound.eventMillis() <= newest.millis;
        generator.onEvent(inbound, inbound.eventMillis(), newest);
        generator.onPeriodicEmit(newest);
        return passed;
    }

    @Test
    void aHostWhoseClockIsAnHourAheadOrBehindCarriesItPastNobodyAndIsNotPassedItself() {
        long seed = 3;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            long appendedMillis = START_MILLIS + i;
            long offMillis =
                    switch (random.nextInt(3)) {
                        case 0 -> HOUR_MILLIS;
                        case 1 -> -HOUR_MILLIS;
                        default -> -random.nextInt(90);
                    };
            assertThat(isPassed(appendedMillis, appendedMillis + offMillis))
                    .as("seed %s, record %s, off by %s ms", seed, i, offMillis)
                    .isFalse();
        }
        assertThat(newest.millis).isBetween(START_MILLIS + 19_000, START_MILLIS + 20_000);
    }

    @Test
    void wereItBelievedItWouldCarryItPastOthers() {
        Inbound ahead = Inbounds.of(Samples.busy(7, 4, (START_MILLIS + HOUR_MILLIS) * 1000));
        generator.onEvent(ahead, ahead.eventMillis(), newest);
        generator.onPeriodicEmit(newest);

        assertThat(isPassed(START_MILLIS, START_MILLIS)).isTrue();
    }
}
