package io.lull.worker.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lull.worker.status.StatusSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus gets of the workers of a host, whatever state these are in. */
@Timeout(60)
class ExporterTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNode PRIMARY = json("""
            {"vm": "db", "state": "PROTECTED", "control": "PLANNED", "committedEpochs": 4711, "lastPauseNanos": 2500000,
             "kafka": {"lostReports": 3}, "fence": {"state": "PRIMARY_PROTECTED", "term": 12},
             "wire": {"peerCertificateUntil": "2027-01-01T00:00:00Z"}}""");
    private static final JsonNode BACKUP = json("""
            {"role": "backup", "vm": "web", "failover": "STANDBY", "standby": "READY", "committedEpoch": 99,
             "unfit": "no whole checkpoint yet", "committedEpochs": 1}""");

    @TempDir
    Path host;

    private final AtomicLong nanos = new AtomicLong();

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private StatusSocket worker(String name, JsonNode says) throws IOException {
        return new StatusSocket(Files.createDirectory(host.resolve(name)).resolve("status.sock"), () -> says);
    }

    private Exporter below() throws IOException {
        return exporter(List.of(), host);
    }

    private Exporter exporter(List<Path> runDirs, Path parent) throws IOException {
        return new Exporter(ANY_PORT, runDirs, List.of(parent), nanos::get);
    }

    private static List<String> scrape(Exporter exporter) throws Exception {
        URI metrics = URI.create("http://127.0.0.1:" + exporter.address().getPort() + "/metrics");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    private String labels(String folder, String vm, String role) {
        return "{role=\"" + role + "\",run_dir=\"" + host.resolve(folder) + "\",vm=\"" + vm + "\"}";
    }

    private String state(String folder, String vm, String role, String state) {
        return labels(folder, vm, role).replace(",vm=", ",state=\"" + state + "\",vm=");
    }

    private String up(String folder, int value) {
        return "lull_worker_up{run_dir=\"" + host.resolve(folder) + "\"} " + value + ".0";
    }

    @Test
    void everyWorkersNumbersBearItsFolderItsVmAndItsRole() throws Exception {
        try (StatusSocket primary = worker("db", PRIMARY);
                StatusSocket backup = worker("web", BACKUP);
                Exporter exporter = below()) {
            assertThat(scrape(exporter))
                    .contains(
                            up("db", 1),
                            up("web", 1),
                            "lull_primary_committed_epochs_total" + labels("db", "db", "primary") + " 4711.0",
                            "lull_primary_last_pause_seconds" + labels("db", "db", "primary") + " 0.0025",
                            "lull_kafka_lost_reports_total" + labels("db", "db", "primary") + " 3.0",
                            "lull_fence_term" + labels("db", "db", "primary") + " 12.0",
                            "lull_peer_certificate_end_timestamp_seconds" + labels("db", "db", "primary")
                                    + " 1.7987616E9",
                            "lull_backup_committed_epoch" + labels("web", "web", "backup") + " 99.0",
                            "lull_exporter_workers_left_out 0.0",
                            "lull_exporter_unread_folders 0.0");
        }
    }

    @Test
    void aStateIsALabelAndAConditionIsOneOrZero() throws Exception {
        try (StatusSocket primary = worker("db", PRIMARY);
                StatusSocket backup = worker("web", BACKUP);
                Exporter exporter = below()) {
            assertThat(scrape(exporter))
                    .contains(
                            "lull_protection_state" + state("db", "db", "primary", "PROTECTED") + " 1.0",
                            "lull_control_state" + state("db", "db", "primary", "PLANNED") + " 1.0",
                            "lull_fence_state" + state("db", "db", "primary", "PRIMARY_PROTECTED") + " 1.0",
                            "lull_standby_state" + state("web", "web", "backup", "READY") + " 1.0",
                            "lull_backup_unfit" + labels("web", "web", "backup") + " 1.0",
                            "lull_backup_broken" + labels("web", "web", "backup") + " 0.0",
                            "lull_unsafe_plaintext" + labels("db", "db", "primary") + " 0.0");
        }
    }

    @Test
    void whatAWorkerDoesNotKnowOrIsOfTheOtherRoleIsNotThere() throws Exception {
        try (StatusSocket primary = worker("db", PRIMARY);
                StatusSocket backup = worker("web", BACKUP);
                Exporter exporter = below()) {
            assertThat(scrape(exporter))
                    .noneMatch(line -> line.startsWith("lull_primary_held_bytes"))
                    .noneMatch(line -> line.startsWith("lull_backup_unfit") && line.contains("primary"))
                    .noneMatch(line -> line.startsWith("lull_primary_committed") && line.contains("backup"));
        }
    }

    @Test
    void valuesOfAnotherKindThanTheyShouldBeAreLeftOut() throws Exception {
        JsonNode odd = json("""
                {"vm": "odd", "state": 7, "control": "%s", "committedEpochs": "many", "shippedBytes": -1, "sessions": 2,
                 "warning": null, "wire": {"peerCertificateUntil": "soon"}}""".formatted("x".repeat(1000)));
        try (StatusSocket primary = worker("odd", odd);
                Exporter exporter = below()) {
            assertThat(scrape(exporter))
                    .contains(
                            "lull_primary_sessions_total" + labels("odd", "odd", "primary") + " 2.0",
                            "lull_unsafe_plaintext" + labels("odd", "odd", "primary") + " 0.0")
                    .noneMatch(line -> line.startsWith("lull_protection_state"))
                    .noneMatch(line -> line.startsWith("lull_control_state"))
                    .noneMatch(line -> line.startsWith("lull_primary_committed"))
                    .noneMatch(line -> line.startsWith("lull_primary_shipped"))
                    .noneMatch(line -> line.startsWith("lull_peer_certificate"));
        }
    }

    @Test
    void aWorkerThatWasKilledHangsOrTalksNonsenseIsDownAndTheOthersAreThere() throws Exception {
        try (StatusSocket primary = worker("db", PRIMARY);
                ServerSocketChannel killed = listening("killed", 1);
                ServerSocketChannel hangs = listening("hangs", 1);
                ServerSocketChannel nonsense = listening("nonsense", 1);
                StatusSocket list = worker("list", json("[1]"));
                StatusSocket nobody = worker("nobody", json("{}"));
                Exporter exporter = below()) {
            killed.close();
            Thread talker = new Thread(() -> talk(nonsense, "{\"vm\": "), "talks");
            talker.setDaemon(true);
            talker.start();

            assertThat(scrape(exporter))
                    .contains(
                            up("db", 1),
                            up("killed", 0),
                            up("hangs", 0),
                            up("nonsense", 0),
                            up("list", 0),
                            up("nobody", 0));
        }
    }

    @Test
    void manyThatHangAndTakeNoConnectionAnyMoreCostTheOthersNothing() throws Exception {
        List<ServerSocketChannel> hanging = new ArrayList<>();
        List<SocketChannel> waiting = new ArrayList<>();
        try (StatusSocket last = worker("zz", PRIMARY);
                Exporter exporter = below()) {
            for (int i = 0; i < 40; i++) {
                hanging.add(listening("hangs" + i, 1));
                waiting.addAll(fill(host.resolve("hangs" + i).resolve("status.sock")));
            }
            long beganNanos = System.nanoTime();

            List<String> lines = scrape(exporter);

            assertThat(Duration.ofNanos(System.nanoTime() - beganNanos)).isLessThan(Duration.ofSeconds(2));
            assertThat(lines).contains(up("zz", 1), up("hangs0", 0), up("hangs39", 0));
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
            for (ServerSocketChannel socket : hanging) {
                socket.close();
            }
        }
    }

    /** Connects until nobody else can: the server takes none. */
    private static List<SocketChannel> fill(Path socket) throws IOException {
        List<SocketChannel> all = new ArrayList<>();
        while (all.size() < 100) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.configureBlocking(false);
            all.add(channel);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
            } catch (SocketException full) {
                return all;
            }
        }
        throw new AssertionError("as many as like connect to " + socket);
    }

    /** A socket that takes connections, as of a process that has stopped; closed, it stays as of one that was killed. */
    private ServerSocketChannel listening(String name, int backlog) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Path path = Files.createDirectory(host.resolve(name)).resolve("status.sock");
        return socket.bind(UnixDomainSocketAddress.of(path), backlog);
    }

    private static void talk(ServerSocketChannel socket, String text) {
        try (SocketChannel client = socket.accept()) {
            client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aWorkerIsAskedOnceASecondHoweverManyScrape() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Path socket = Files.createDirectory(host.resolve("db")).resolve("status.sock");
        try (StatusSocket primary = new StatusSocket(socket, () -> {
                    asked.incrementAndGet();
                    return PRIMARY;
                });
                Exporter exporter = below()) {
            scrape(exporter);
            nanos.addAndGet(999_999_999);
            assertThat(scrape(exporter)).contains(up("db", 1));
            assertThat(asked).hasValue(1);
            nanos.addAndGet(1);
            scrape(exporter);
            assertThat(asked).hasValue(2);
        }
    }

    @Test
    void aWorkerThatEndedInGoodOrderIsGoneUnlessItWasNamed() throws Exception {
        Path named = host.resolve("named");
        try (StatusSocket ended = worker("ended", PRIMARY);
                StatusSocket stays = worker("stays", BACKUP);
                Exporter exporter = exporter(List.of(named, host.resolve("stays")), host)) {
            ended.close();

            assertThat(scrape(exporter))
                    .contains(up("named", 0))
                    .containsOnlyOnce(up("stays", 1))
                    .noneMatch(line -> line.contains("/ended\""));
        }
    }

    @Test
    void workersBeyondTheMostThatAreAskedAreCountedAndAreNeverThoseThatWereNamed() throws Exception {
        for (int i = 0; i < Workers.MOST + 1; i++) {
            Files.createFile(Files.createDirectory(host.resolve("w" + i)).resolve("status.sock"));
        }
        try (StatusSocket primary = worker("zz", PRIMARY);
                Exporter exporter = exporter(List.of(host.resolve("zz")), host)) {
            List<String> lines = scrape(exporter);

            assertThat(lines).contains("lull_exporter_workers_left_out 2.0", up("zz", 1));
            assertThat(lines.stream().filter(line -> line.startsWith("lull_worker_up")))
                    .hasSize(Workers.MOST);
        }
    }

    @Test
    void aParentThatIsNotThereIsCountedUntilItIs() throws Exception {
        Path later = host.resolve("later");
        try (Exporter exporter = exporter(List.of(), later)) {
            assertThat(scrape(exporter))
                    .containsExactlyInAnyOrder(
                            "lull_exporter_workers_left_out 0.0", "lull_exporter_unread_folders 1.0");
            Files.createDirectory(later);
            nanos.addAndGet(Duration.ofSeconds(15).toNanos());
            try (StatusSocket primary = worker("later/db", PRIMARY)) {
                assertThat(scrape(exporter)).contains(up("later/db", 1), "lull_exporter_unread_folders 0.0");
            }
        }
    }

    @Test
    void anAddressThatIsTakenIsNamed() throws Exception {
        try (Exporter first = below()) {
            assertThatThrownBy(() -> new Exporter(first.address(), List.of(host), List.of(), nanos::get))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen on")
                    .hasMessageContaining(Integer.toString(first.address().getPort()));
        }
    }
}
