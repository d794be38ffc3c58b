package io.lull.local.kafka;

import io.lull.policy.VmId;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.producer.kafka.TopicAdmin;
import io.lull.schemas.topic.Topics;
import io.lull.worker.fence.FenceContract;
import io.lull.worker.fence.kafka.KafkaFence;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kafka as the arbiter keeps the contract of a fence, on a real broker. */
@Timeout(300)
class KafkaFenceTest extends FenceContract {
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final AtomicInteger VMS = new AtomicInteger();

    @TempDir
    private static Path folder;

    /** One broker for all tests of a class: each has a VM of its own. */
    private static EmbeddedBroker broker;

    private static KafkaConnection connection;

    private final VmId vm = new VmId("vm-" + VMS.incrementAndGet());

    @BeforeAll
    static void start() throws IOException {
        broker = new EmbeddedBroker(folder.resolve("kafka"));
        broker.start();
        connection = KafkaConnection.plain(broker.bootstrapServers());
        try (TopicAdmin admin = new TopicAdmin(connection, 1, TopicAdmin.DEFAULT_LIMIT)) {
            admin.createMissing(TOPICS);
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Override
    protected KafkaFence fence() {
        return new KafkaFence(connection, TOPICS.fence(), vm, InstantSource.system());
    }

    @Override
    protected int races() {
        return Integer.getInteger("lull.fence.races", 20);
    }
}
