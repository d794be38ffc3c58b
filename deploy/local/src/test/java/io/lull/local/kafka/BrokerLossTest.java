package io.lull.local.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.WorkerCommand;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.producer.kafka.PublisherLimits;
import io.lull.producer.kafka.PublisherStats;
import io.lull.producer.kafka.TelemetryPublisher;
import io.lull.producer.kafka.TopicAdmin;
import io.lull.schemas.topic.Topics;
import io.lull.schemas.wire.Wire;
import io.lull.worker.kafka.CommandSource;
import io.lull.worker.kafka.RecordTail;
import io.lull.worker.kafka.TopicTails;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerLossTest {
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration OUTAGE = Duration.ofSeconds(5);
    private static final Duration BACK_WITHIN = Duration.ofSeconds(2);
    private static final Duration TELEMETRY_AGE = Duration.ofSeconds(1);
    /** One of them must end as soon as it should; a machine with other work may be late once or twice. */
    private static final int OUTAGES = 3;

    /** From when until when Kafka was away, on the wall clock. */
    private record Dark(long fromMicros, long untilMicros) {}

    private final Wire wire = new Wire();
    private final AtomicLong samples = new AtomicLong();
    private final AtomicLong reports = new AtomicLong();
    private final AtomicLong commands = new AtomicLong();
    private final List<String> alarms = new CopyOnWriteArrayList<>();
    private final TailCollector<VmSample> sampleView = new TailCollector<>();
    private final TailCollector<EpochReport> reportView = new TailCollector<>();
    private final CommandCollector worker = new CommandCollector();

    @Test
    void reportsAllArriveTelemetryIsNotSentLateAndControlComesBackSoon(@TempDir Path directory) throws Exception {
        try (EmbeddedBroker broker = new EmbeddedBroker(directory.resolve("kafka"), Values.BACK_SOON)) {
            broker.start();
            KafkaConnection connection = KafkaConnection.plain(broker.bootstrapServers());
            try (TopicAdmin admin = new TopicAdmin(connection, 1, LIMIT)) {
                admin.createMissing(TOPICS);
            }
            TopicTails tails = new TopicTails(connection, TOPICS, InstantSource.system());
            try (RecordTail<VmSample> sampleTail = tails.telemetry(sampleView);
                    RecordTail<EpochReport> reportTail = tails.epochs(reportView);
                    CommandSource source =
                            new CommandSource(connection, TOPICS, Values.VM, InstantSource.system(), worker)) {
                sampleTail.start();
                reportTail.start();
                source.start();
                assertThat(sampleTail.awaitFollowing(LIMIT)).isTrue();
                assertThat(reportTail.awaitFollowing(LIMIT)).isTrue();
                assertThat(source.awaitFollowing(LIMIT)).isTrue();
                loseAndRegain(broker, connection);
            }
        }
        assertThat(alarms).isEmpty();
    }

    private void loseAndRegain(EmbeddedBroker broker, KafkaConnection connection) throws Exception {
        var publisher =
                new TelemetryPublisher(connection, TOPICS, PublisherLimits.DEFAULT, System::nanoTime, alarms::add);
        ScheduledExecutorService load = Executors.newScheduledThreadPool(3);
        try (publisher;
                RawProducer job = new RawProducer(connection)) {
            load.scheduleAtFixedRate(() -> publisher.publish(nextSample()), 0, 10, TimeUnit.MILLISECONDS);
            load.scheduleAtFixedRate(() -> publisher.publish(nextReport()), 0, 25, TimeUnit.MILLISECONDS);
            load.scheduleAtFixedRate(() -> sendCommand(job), 0, 50, TimeUnit.MILLISECONDS);
            Await.until("samples come", () -> sampleView.records.size() >= 10);
            Await.until("reports come", () -> reportView.records.size() >= 10);
            Await.until("commands come", () -> worker.commands.size() >= 10);

            List<Dark> outages = new ArrayList<>();
            Duration took = Duration.ofNanos(Long.MAX_VALUE);
            while (outages.size() < OUTAGES && took.compareTo(BACK_WITHIN) >= 0) {
                outages.add(outage(broker, publisher));
                took = untilControlIsBack();
            }
            assertThat(took).as("control is back after the broker").isLessThan(BACK_WITHIN);
            load.shutdown();
            assertThat(load.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
            everythingIsAccountedFor(publisher);
            assertThat(sampleView.records)
                    .as("samples that were older than a second when Kafka came back")
                    .noneMatch(sample -> outages.stream().anyMatch(dark -> wasLate(sample, dark)));
        } finally {
            load.shutdownNow();
        }
    }

    /** Takes Kafka away for a while. */
    private static Dark outage(EmbeddedBroker broker, TelemetryPublisher publisher) throws IOException {
        broker.stop();
        long stoppedMicros = nowMicros();
        PublisherStats before = publisher.stats();
        long outageEnd = System.nanoTime() + OUTAGE.toNanos();
        Await.until("the outage is over", () -> System.nanoTime() >= outageEnd);
        PublisherStats during = publisher.stats();
        assertThat(during.telemetryDropped()).isGreaterThan(before.telemetryDropped());
        assertThat(during.durableWaiting()).isGreaterThan(10);
        long returnMicros = nowMicros();
        broker.start();
        return new Dark(stoppedMicros, returnMicros);
    }

    private static boolean wasLate(VmSample sample, Dark dark) {
        return sample.sampledAtMicros() > dark.fromMicros()
                && sample.sampledAtMicros() < dark.untilMicros() - TELEMETRY_AGE.toNanos() / 1_000;
    }

    /** How long a command that was made after the broker took requests again takes to reach the worker. */
    private Duration untilControlIsBack() {
        long upNanos = System.nanoTime();
        long firstNew = commands.get() + 1;
        Await.until("a new command has come", () -> worker.commands.stream()
                .anyMatch(command -> ((WorkerCommand.EndEpoch) command).epoch() >= firstNew));
        Duration took = Duration.ofNanos(System.nanoTime() - upNanos);
        System.out.println("control was back " + took.toMillis() + " ms after the broker");
        return took;
    }

    private void everythingIsAccountedFor(TelemetryPublisher publisher) {
        Await.until("no report waits", () -> publisher.stats().durableWaiting() == 0);
        Await.until("every sample was sent or dropped", () -> {
            PublisherStats stats = publisher.stats();
            return stats.telemetrySent() + stats.telemetryDropped() == samples.get();
        });
        Await.until("all reports have come", () -> reportView.records.size() >= reports.get());
        assertThat(reportView.records.stream().map(EpochReport::epoch))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, reports.get()).boxed().toList());
        assertThat(publisher.stats().durableLost()).isZero();
        assertThat(publisher.stats().durableRefused()).isZero();
    }

    private VmSample nextSample() {
        return Values.sample(samples.incrementAndGet(), nowMicros());
    }

    private EpochReport nextReport() {
        return Values.report(reports.incrementAndGet());
    }

    private void sendCommand(RawProducer job) {
        WorkerCommand command = Values.endEpoch(Values.VM, commands.incrementAndGet());
        job.send(TOPICS.commands().name(), Values.VM.value(), wire.encode(command));
    }

    private static long nowMicros() {
        return Instant.now().toEpochMilli() * 1_000;
    }
}
