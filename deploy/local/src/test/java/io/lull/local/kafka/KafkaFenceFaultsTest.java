package io.lull.local.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceClaim.Party;
import io.lull.policy.fence.FenceRecord;
import io.lull.policy.fence.FenceRule;
import io.lull.policy.fence.FenceState;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.producer.kafka.TopicAdmin;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.topic.Topic;
import io.lull.schemas.topic.Topics;
import io.lull.schemas.wire.Wire;
import io.lull.worker.fence.FenceException;
import io.lull.worker.fence.kafka.KafkaFence;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong with a claim to a fence in Kafka, on a real broker: never is something granted by it. */
@Timeout(180)
class KafkaFenceFaultsTest {
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final Topic TOPIC = TOPICS.fence();
    private static final VmId VM = new VmId("db");
    private static final VmId OTHER_VM = new VmId("web");
    private static final Party RUN = new Party(new UUID(1, 1), "host-a");
    private static final Party BACKUP = new Party(new UUID(2, 1), "host-b");
    private static final UUID SESSION = new UUID(3, 1);
    private static final FenceClaim ALONE = FenceClaim.goAlone(RUN, "test");
    private static final FenceClaim PROTECT = FenceClaim.protect(RUN, SESSION, "test");
    private static final FenceClaim TAKE = FenceClaim.take(BACKUP, Set.of(SESSION), "test");
    private static final long HELD_MILLIS = 1_500;
    /** Longer than a request of a client may take. */
    private static final long IDLE_MILLIS = 7_000;

    @TempDir
    private Path folder;

    private final Wire wire = new Wire();
    private EmbeddedBroker broker;
    private KafkaConnection connection;
    private KafkaFence fence;

    @BeforeEach
    void start() throws Exception {
        broker = new EmbeddedBroker(folder.resolve("kafka"), Values.BACK_SOON);
        broker.start();
        connection = KafkaConnection.plain(broker.bootstrapServers());
        try (TopicAdmin admin = new TopicAdmin(connection, 1, TopicAdmin.DEFAULT_LIMIT)) {
            admin.createMissing(TOPICS);
        }
        fence = fence(TOPIC);
    }

    @AfterEach
    void stop() {
        fence.close();
        broker.close();
    }

    private KafkaFence fence(Topic topic) {
        return new KafkaFence(connection, topic, VM, InstantSource.system());
    }

    /** A claimant of a VM that got as far as to have written, and stands still there. */
    private KafkaProducer<byte[], byte[]> standsStill(VmId vm, FenceClaim claim) {
        Map<String, Object> settings = connection.clientSettings();
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TOPIC.name() + "-" + vm.value());
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        FenceRecord record =
                FenceRule.rule(vm, Optional.empty(), claim, 1).record().orElseThrow();
        producer.send(new ProducerRecord<>(
                TOPIC.name(), RecordKeys.of(vm).getBytes(StandardCharsets.UTF_8), wire.encode(record)));
        producer.flush();
        return producer;
    }

    private FenceState state() throws Exception {
        return fence(TOPIC).look().orElseThrow().state();
    }

    @Test
    void aClaimantThatWokeUpTooLateCanNotCommit() throws Exception {
        try (KafkaProducer<byte[], byte[]> zombie = standsStill(VM, ALONE)) {
            assertThat(fence.claim(PROTECT).granted()).isTrue();
            assertThat(fence(TOPIC).claim(TAKE).granted()).isTrue();

            assertThatThrownBy(zombie::commitTransaction).isInstanceOf(KafkaException.class);
            assertThat(state()).isEqualTo(FenceState.TAKEN);
        }
    }

    @Test
    void whatAClaimantLeftThatDiedBeforeItsCommitCountsForNothing() throws Exception {
        KafkaProducer<byte[], byte[]> dead = standsStill(VM, ALONE);
        try {
            assertThat(fence.claim(PROTECT).record().orElseThrow().term()).isEqualTo(1);
            assertThat(state()).isEqualTo(FenceState.PRIMARY_PROTECTED);
        } finally {
            closeAtOnce(dead);
        }
    }

    @Test
    void whoOnlyLooksEndsWhatAClaimantLeftOpenThatDied() throws Exception {
        assertThat(fence.claim(PROTECT).granted()).isTrue();
        KafkaProducer<byte[], byte[]> dead = standsStill(VM, ALONE);
        try {
            long beganNanos = System.nanoTime();
            assertThat(state()).isEqualTo(FenceState.PRIMARY_PROTECTED);
            assertThat(Duration.ofNanos(System.nanoTime() - beganNanos))
                    .as("less than Kafka takes to give it up")
                    .isLessThan(Duration.ofSeconds(5));
        } finally {
            closeAtOnce(dead);
        }
    }

    @Test
    void whoOnlyLooksWaitsForAnotherVmsOpenTransactionAndMissesNothing() throws Exception {
        assertThat(behindAnothersOpenTransaction(() -> fence.look().isPresent()))
                .isFalse();
    }

    @Test
    void aClaimBehindAnotherVmsOpenTransactionWaitsForItAndMissesNothing() throws Exception {
        assertThat(behindAnothersOpenTransaction(() -> fence.claim(ALONE).granted()))
                .isTrue();
        assertThat(state()).isEqualTo(FenceState.ALONE);
    }

    /** What comes of the question that waits for another VM's transaction, once that is committed. */
    private boolean behindAnothersOpenTransaction(Callable<Boolean> question) throws Exception {
        FutureTask<Boolean> asked = new FutureTask<>(question);
        try (KafkaProducer<byte[], byte[]> other = standsStill(OTHER_VM, ALONE)) {
            new Thread(asked, "asks").start();
            assertThatThrownBy(() -> asked.get(HELD_MILLIS, TimeUnit.MILLISECONDS))
                    .as("waits")
                    .isInstanceOf(TimeoutException.class);
            other.commitTransaction();
            return asked.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void withoutABrokerNothingIsGrantedAndWhatWasHoldsWhenItIsBack() throws Exception {
        assertThat(fence.claim(PROTECT).granted()).isTrue();
        broker.stop();
        FenceException gone = catchThrowableOfType(FenceException.class, () -> fence.claim(ALONE));
        assertThat(gone.inDoubt()).isFalse();
        assertThat(gone).hasMessageContaining(broker.bootstrapServers());

        broker.start();
        assertThat(fence(TOPIC).claim(TAKE).granted()).isTrue();
        assertThat(fence.claim(ALONE).granted()).isFalse();
    }

    @Test
    void aFenceThatWasKeptReadyForLongAndOverABrokersReturnIsRightAtOnce() throws Exception {
        try (KafkaFence ready = fence(TOPIC)) {
            ready.keepReady();
            assertThat(fence.claim(PROTECT).granted()).isTrue();
            Thread.sleep(IDLE_MILLIS);
            assertThat(ready.claim(TAKE).granted()).isTrue();
            broker.stop();
            Thread.sleep(HELD_MILLIS);
            broker.start();
            FenceClaim back = FenceClaim.giveBack(TAKE.by(), "test");
            assertThat(ready.claim(back).granted()).isTrue();
            assertThat(fence.claim(ALONE).granted()).isTrue();
            assertThat(ready.claim(TAKE).granted()).isFalse();
        }
    }

    @Test
    void aTopicThatForgetsIsRefused() throws Exception {
        Map<String, String> wrongs = Map.of("cleanup.policy", "delete", "unclean.leader.election.enable", "true");
        for (Map.Entry<String, String> wrong : wrongs.entrySet()) {
            Topic asked = new Topics("wrong-" + wrong.getKey().charAt(0), 4).fence();
            Map<String, String> config = new HashMap<>(asked.config());
            config.put(wrong.getKey(), wrong.getValue());
            create(asked.name(), 1, config);

            assertNothingGranted(fence(asked), wrong.getKey() + "=" + wrong.getValue());
        }
        Topic wide = new Topics("wide", 4).fence();
        create(wide.name(), 2, wide.config());
        assertNothingGranted(fence(wide), "has 2 partitions");
        assertNothingGranted(fence(new Topics("absent", 4).fence()), "absent.fence.v1");
    }

    @Test
    void aTopicThatWasMadeAnewUnderARunningWorkerIsNotBelieved() throws Exception {
        assertThat(fence.claim(PROTECT).granted()).isTrue();
        try (Admin admin = Admin.create(connection.clientSettings())) {
            admin.deleteTopics(List.of(TOPIC.name())).all().get();
        }
        Await.until("the topic is gone", () -> !created());
        create(TOPIC.name(), 1, TOPIC.config());

        assertNothingGranted(fence, "has lost records");
    }

    @Test
    void aClaimsProbeIsSeenOnlyByWhoReadsEverythingAndSaysNothingToThem() throws Exception {
        assertThat(fence.claim(PROTECT).granted()).isTrue();

        assertThat(keys("read_committed")).containsExactly(RecordKeys.of(VM));
        assertThat(keys("read_uncommitted")).containsExactly("~probe: nothing", RecordKeys.of(VM));
    }

    /** The keys of all records of the topic, with a word where there is no more than the key. */
    private List<String> keys(String isolation) {
        Map<String, Object> settings = connection.clientSettings();
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        TopicPartition partition = new TopicPartition(TOPIC.name(), 0);
        List<String> keys = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);
            long end = Objects.requireNonNull(
                    consumer.endOffsets(List.of(partition)).get(partition));
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(50))
                        .forEach(record -> keys.add(new String(record.key(), StandardCharsets.UTF_8)
                                + (record.value() == null ? ": nothing" : "")));
            }
        }
        return keys;
    }

    @Test
    void aRecordThatCanNotBeReadGrantsNothing() throws Exception {
        try (RawProducer raw = new RawProducer(connection)) {
            raw.sendGarbage(TOPIC.name(), VM.value());
        }
        assertNothingGranted(fence, "can't be read");
    }

    private boolean created() {
        try (Admin admin = Admin.create(connection.clientSettings())) {
            return admin.listTopics().names().get().contains(TOPIC.name());
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void create(String name, int partitions, Map<String, String> config) throws Exception {
        try (Admin admin = Admin.create(connection.clientSettings())) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(config)))
                    .all()
                    .get();
        }
    }

    private static void assertNothingGranted(KafkaFence asked, String why) {
        FenceException refused = catchThrowableOfType(FenceException.class, () -> asked.claim(ALONE));
        assertThat(refused).isNotNull().hasMessageContaining(why);
        assertThat(refused.inDoubt()).isFalse();
    }

    private static void closeAtOnce(KafkaProducer<byte[], byte[]> producer) {
        producer.close(Duration.ZERO);
    }
}
