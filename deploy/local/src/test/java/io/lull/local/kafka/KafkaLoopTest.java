package io.lull.local.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaLoopTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Topics TOPICS = Topics.DEFAULT;

    private final Wire wire = new Wire();
    private final EmbeddedBroker broker;
    private final KafkaConnection connection;

    KafkaLoopTest(@TempDir Path directory) throws IOException {
        broker = new EmbeddedBroker(directory.resolve("kafka"));
        connection = KafkaConnection.plain(broker.bootstrapServers());
    }

    @BeforeAll
    void start() throws IOException {
        broker.start();
        try (TopicAdmin admin = new TopicAdmin(connection, 1, LIMIT)) {
            admin.createMissing(TOPICS);
        }
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    @Test
    void createsTheTopicsOnceAndFindsThemAsTheyShouldBe() throws IOException {
        Topics other = new Topics("created", 2);
        try (TopicAdmin admin = new TopicAdmin(connection, 1, LIMIT)) {
            assertThat(admin.check(other)).hasSize(9).allMatch(line -> line.contains("is missing"));
            assertThat(admin.createMissing(other)).hasSize(9);
            assertThat(admin.createMissing(other)).isEmpty();
            assertThat(admin.check(other)).isEmpty();
            assertThat(admin.check(new Topics("created", 3)))
                    .hasSize(6)
                    .allMatch(line -> line.contains("has 2 partitions, must have 3"));
        }
    }

    @Test
    void saysInOneLineThatKafkaIsOutOfReach() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (TopicAdmin admin = new TopicAdmin(KafkaConnection.plain("127.0.0.1:" + port), 1, Duration.ofSeconds(1))) {
            assertThatThrownBy(() -> admin.createMissing(TOPICS))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Kafka at 127.0.0.1:" + port + " doesn't answer within 1 s")
                    .message()
                    .hasLineCount(1);
        }
    }

    @Test
    void everyRecordComesOutAsItWentIn() throws Exception {
        List<String> alarms = new CopyOnWriteArrayList<>();
        var publisher =
                new TelemetryPublisher(connection, TOPICS, PublisherLimits.DEFAULT, System::nanoTime, alarms::add);
        TopicTails tails = new TopicTails(connection, TOPICS, InstantSource.system());
        try (publisher;
                RawProducer job = new RawProducer(connection)) {
            AtomicLong early = new AtomicLong();
            Await.until("a sample is not dropped, as they are while the connection is made", () -> {
                publisher.publish(Values.sample(2, 17));
                early.incrementAndGet();
                return publisher.stats().telemetrySent() > 0;
            });
            // One that is still under way would come out beside the next.
            Await.until("each early sample is sent or dropped", () -> {
                PublisherStats stats = publisher.stats();
                return stats.telemetrySent() + stats.telemetryDropped() == early.get();
            });
            comesOut(tails::telemetry, () -> publisher.publish(Values.sample(3, 17)), Values.sample(3, 17));
            comesOut(tails::epochs, () -> publisher.publish(Values.report(3)), Values.report(3));
            comesOut(tails::intents, () -> publisher.publish(Values.pause()), Values.pause());
            comesOut(tails::events, () -> publisher.publish(Values.event()), Values.event());
            VmId vm = Values.VM;
            comesOut(
                    tails::commands,
                    () -> job.send(TOPICS.commands().name(), vm.value(), wire.encode(Values.plan(vm, 1, 17))),
                    Values.plan(vm, 1, 17));
            comesOut(
                    tails::decisions,
                    () -> job.send(TOPICS.decisions().name(), vm.value(), wire.encode(Values.decision())),
                    Values.decision());
            comesOut(
                    tails::metrics,
                    () -> job.send(TOPICS.metrics().name(), vm.value(), wire.encode(Values.metrics())),
                    Values.metrics());
        }
        assertThat(alarms).isEmpty();
    }

    @Test
    void aCommandSourceBeginsWithThePlansInLeaseAndPassesOverWhatItCannotRead() throws Exception {
        VmId vm = new VmId("late-starter");
        String topic = TOPICS.commands().name();
        long nowMicros = Instant.now().toEpochMilli() * 1_000;
        long inAnHour = nowMicros + Duration.ofHours(1).toNanos() / 1_000;
        WorkerCommand held = Values.plan(vm, 2, inAnHour);
        WorkerCommand live = Values.endEpoch(vm, 9);
        CommandCollector collector = new CommandCollector();
        try (RawProducer job = new RawProducer(connection);
                CommandSource source = new CommandSource(connection, TOPICS, vm, InstantSource.system(), collector)) {
            job.sendAndWait(topic, vm.value(), wire.encode(Values.plan(vm, 1, nowMicros - 1)));
            job.sendAndWait(topic, vm.value(), wire.encode(held));
            job.sendAndWait(topic, vm.value(), wire.encode(Values.endEpoch(vm, 8)));
            job.sendAndWait(topic, "other", wire.encode(Values.plan(new VmId("other"), 3, inAnHour)));
            source.start();
            assertThat(source.awaitFollowing(LIMIT)).isTrue();
            job.sendGarbage(topic, vm.value());
            job.sendAndWait(topic, vm.value(), wire.encode(Values.endEpoch(Values.OTHER_VM, 8)));
            job.sendTombstone(topic, vm.value());
            job.sendAndWait(topic, vm.value(), wire.encode(live));
            Await.until("the live command has come", () -> collector.commands.contains(live));
            assertThat(collector.commands).containsExactly(held, live);
            assertThat(collector.rejected).hasSize(2);
            assertThat(source.rejected()).isEqualTo(2);
        }
    }

    private interface Opening<T> {
        RecordTail<T> open(TailCollector<T> collector);
    }

    private static <T> void comesOut(Opening<T> opening, Runnable send, T expected) throws Exception {
        TailCollector<T> collector = new TailCollector<>();
        try (RecordTail<T> tail = opening.open(collector)) {
            tail.start();
            assertThat(tail.awaitFollowing(LIMIT)).isTrue();
            send.run();
            Await.until(expected + " has come", () -> !collector.records.isEmpty());
            assertThat(collector.records).containsExactly(expected);
        }
    }
}
