package io.lull.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.local.kafka.EmbeddedBroker;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.producer.kafka.TopicAdmin;
import io.lull.schemas.topic.Topics;
import io.lull.worker.status.StatusClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Worker processes of several VMs, beside a broker: what becomes of one VM is its own affair. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VmsInOneProcessTest {
    private static final long LIMIT_MILLIS = 60_000;

    private final Path folder;
    private final EmbeddedBroker broker;

    VmsInOneProcessTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.broker = new EmbeddedBroker(folder.resolve("kafka"));
    }

    @BeforeAll
    void start() throws IOException {
        broker.start();
        try (TopicAdmin admin =
                new TopicAdmin(KafkaConnection.plain(broker.bootstrapServers()), 1, Duration.ofMillis(LIMIT_MILLIS))) {
            admin.createMissing(Topics.DEFAULT);
        }
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    @Test
    void aBackupWhosePortIsTakenLeavesThoseOfOtherVmsAndIsServedOnceItIsFree() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ManagedProcess worker =
                        lull("backup", List.of(backup("ba", 0), backup("bb", taken.getLocalPort()), backup("bc", 0)))) {
            Await.until("ba is served", LIMIT_MILLIS, () -> isServed("ba"));
            Await.until("bc is served", LIMIT_MILLIS, () -> isServed("bc"));
            Await.until("the failure of bb is said", LIMIT_MILLIS, () -> logged(worker)
                    .contains("lull: vm bb: cannot listen on"));
            assertThat(logged(worker)).contains("(begun again until it works)");
            assertThat(isServed("ba") && isServed("bc")).isTrue();
            assertThat(isServed("bb")).isFalse();

            taken.close();
            Await.until("bb is served", LIMIT_MILLIS, () -> isServed("bb"));

            worker.signal("TERM");
            assertThat(worker.await(LIMIT_MILLIS)).isTrue();
            assertThat(logged(worker)).doesNotContain("not closed in order");
            assertThat(runDir("ba").resolve("status.sock")).doesNotExist();
            assertThat(runDir("bc").resolve("status.sock")).doesNotExist();
        }
    }

    @Test
    void primariesWhoseVmsAreNotThereAreSaidOneByOneAndTheProcessFails() throws Exception {
        try (ManagedProcess worker = lull("primary", List.of(primary("pa"), primary("pb")))) {
            assertThat(worker.await(LIMIT_MILLIS)).isTrue();
            assertThat(worker.exitCode()).isEqualTo(1);
            assertThat(logged(worker)).contains("lull: vm pa: ", "lull: vm pb: ", "(0 VMs of this process go on)");
        }
    }

    private boolean isServed(String vm) {
        try {
            JsonNode status = StatusClient.read(runDir(vm).resolve("status.sock"), Duration.ofSeconds(5));
            return status.get("vm").asText().equals(vm);
        } catch (IOException notYet) {
            return false;
        }
    }

    private static String logged(ManagedProcess worker) throws IOException {
        return Files.readString(worker.log());
    }

    private Path runDir(String vm) {
        return folder.resolve(vm);
    }

    private ManagedProcess lull(String verb, List<Path> configs) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(verb));
        configs.forEach(config -> arguments.addAll(List.of("--config", config.toString())));
        return ManagedProcess.start("lull-" + verb, Jvm.lull(folder, arguments), folder.resolve(verb + ".log"));
    }

    private Path backup(String vm, int port) throws IOException {
        return Files.writeString(
                folder.resolve(vm + ".yaml"),
                "vm: " + vm + "\nhost: b\nrunDir: " + runDir(vm) + "\nlisten: '127.0.0.1:" + port
                        + "'\nunsafePlaintext: true\nimage: {directory: " + runDir(vm)
                        + "}\nstandby: {command: [none, '{qmp}', '{incoming}']}\nfence: none\n" + kafka());
    }

    private Path primary(String vm) throws IOException {
        return Files.writeString(
                folder.resolve(vm + ".yaml"),
                "vm: " + vm + "\nhost: a\nrunDir: " + runDir(vm) + "\nfence: none\nqemu: {qmp: " + runDir(vm)
                        + "/absent.sock}\nbackup: {unsafePlaintext: true}\n" + kafka());
    }

    private String kafka() {
        return "kafka: {bootstrap: '" + broker.bootstrapServers() + "'}\n";
    }
}
