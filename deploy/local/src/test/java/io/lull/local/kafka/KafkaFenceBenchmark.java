package io.lull.local.kafka;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceClaim.Party;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.producer.kafka.TopicAdmin;
import io.lull.schemas.topic.Topics;
import io.lull.worker.fence.kafka.KafkaFence;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What a takeover's claim costs at a broker in this JVM: one that was begun ahead, as a backup's is; the first one of a fence that
 * was only kept ready; that of one which connects with it; and, as the baseline, one acknowledged record on a connection that
 * is open.
 *
 * <p>Run {@code main}; each kind has claims of their own VMs, in turn.
 */
public final class KafkaFenceBenchmark {
    private static final int ROUNDS = Integer.getInteger("rounds", 40);
    private static final long READY_MILLIS = 1_500;
    private static final Party RUN = new Party(new UUID(1, 1), "host-a");
    private static final Party BACKUP = new Party(new UUID(2, 1), "host-b");
    private static final UUID SESSION = new UUID(3, 1);

    private final KafkaConnection connection;

    private KafkaFenceBenchmark(KafkaConnection connection) {
        this.connection = connection;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("lull-fence-benchmark");
        try (EmbeddedBroker broker = new EmbeddedBroker(folder.resolve("kafka"))) {
            broker.start();
            KafkaConnection connection = KafkaConnection.plain(broker.bootstrapServers());
            try (TopicAdmin admin = new TopicAdmin(connection, 1, TopicAdmin.DEFAULT_LIMIT)) {
                admin.createMissing(Topics.DEFAULT);
            }
            new KafkaFenceBenchmark(connection).run();
        }
        System.exit(0);
    }

    private KafkaFence fence(int vm) {
        return new KafkaFence(connection, Topics.DEFAULT.fence(), new VmId("bench-" + vm), InstantSource.system());
    }

    private enum Kind {
        AHEAD,
        READY,
        CONNECTING
    }

    private long takeover(int vm, Kind kind) throws Exception {
        try (KafkaFence primary = fence(vm);
                KafkaFence backup = fence(vm)) {
            primary.claim(FenceClaim.protect(RUN, SESSION, "benchmark"));
            backup.look();
            if (kind == Kind.AHEAD) {
                backup.expect(() -> Optional.of(FenceClaim.take(BACKUP, Set.of(SESSION), "benchmark")));
            }
            if (kind != Kind.CONNECTING) {
                backup.keepReady();
            }
            Thread.sleep(READY_MILLIS);
            if (kind == Kind.AHEAD && !backup.hasBegun()) {
                throw new IllegalStateException("not begun after " + READY_MILLIS + " ms");
            }
            long begin = System.nanoTime();
            if (!backup.claim(FenceClaim.take(BACKUP, Set.of(SESSION), "benchmark"))
                    .granted()) {
                throw new IllegalStateException("not granted");
            }
            return System.nanoTime() - begin;
        }
    }

    private void run() throws Exception {
        long[] ahead = new long[ROUNDS];
        long[] ready = new long[ROUNDS];
        long[] cold = new long[ROUNDS];
        long[] record = new long[ROUNDS];
        Map<String, Object> settings = connection.clientSettings();
        settings.put("acks", "all");
        try (KafkaProducer<byte[], byte[]> plain =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < ROUNDS; i++) {
                ahead[i] = takeover(3 * i, Kind.AHEAD);
                ready[i] = takeover(3 * i + 1, Kind.READY);
                cold[i] = takeover(3 * i + 2, Kind.CONNECTING);
                long begin = System.nanoTime();
                plain.send(new ProducerRecord<>(
                                Topics.DEFAULT.fence().name(),
                                0,
                                "baseline".getBytes(StandardCharsets.UTF_8),
                                new byte[300]))
                        .get();
                record[i] = System.nanoTime() - begin;
            }
        }
        System.out.printf("first claim of this JVM: %.1f ms%n", ahead[0] / 1e6);
        double base = print("one acknowledged record", record, Double.NaN);
        print("takeover's claim, begun ahead", ahead, base);
        print("takeover's claim, kept ready", ready, base);
        print("takeover's claim, connecting", cold, base);
    }

    private static double print(String what, long[] nanos, double base) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        double p50 = sorted[sorted.length / 2] / 1e6;
        System.out.printf(
                "%-30s min %6.1f ms  p50 %6.1f ms  max %6.1f ms%s%n",
                what,
                sorted[0] / 1e6,
                p50,
                sorted[sorted.length - 1] / 1e6,
                Double.isNaN(base) ? "" : String.format("  %.1f times the record", p50 / base));
        return p50;
    }
}
