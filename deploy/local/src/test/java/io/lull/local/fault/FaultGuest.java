package io.lull.local.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.lull.local.Await;
import io.lull.local.GuestSpec;
import io.lull.local.LocalOptions;
import io.lull.local.ManagedProcess;
import io.lull.producer.qemu.QmpClient;
import io.lull.producer.qemu.QmpException;
import io.lull.worker.config.ConfigException;
import io.lull.worker.config.ConfigLoader;
import io.lull.worker.config.PrimaryConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * A real guest with QEMU's own user network, so that neither root nor a TAP is needed, and a monitor for the test beside
 * the worker's and the watchdog's. Redis listens on a port of the host.
 */
final class FaultGuest implements AutoCloseable {
    static final String VM = "fault";

    private static final long BOOT_MILLIS = 120_000;
    private static final Duration QMP_LIMIT = Duration.ofSeconds(10);
    private static final int DISK_BYTES = 4 << 20;

    private final Path folder;
    private final Optional<Path> memory;
    private final GuestSpec spec;
    private final int redisPort;
    private final ManagedProcess qemu;
    private final QmpClient monitor;

    private FaultGuest(Path folder, Optional<Path> memory) throws IOException, QmpException, InterruptedException {
        this.folder = folder;
        this.memory = memory;
        this.redisPort = freePort();
        this.spec = new GuestSpec(
                LocalOptions.repositoryAbove(Path.of("")).resolve(".lull/guest"),
                1,
                GuestSpec.RAM_KIB,
                "g.ip=10.0.2.15/24 g.gw=10.0.2.2 g.run=redis g.aof=no g.dirty=4:200",
                memory.map(within -> within.resolve("ram")));
        List<String> command = new ArrayList<>(spec.primaryCommand(seat("primary")));
        command.addAll(machine(",hostfwd=tcp:127.0.0.1:" + redisPort + "-10.0.2.15:6379"));
        Path socket = folder.resolve("test.qmp");
        command.addAll(List.of("-qmp", "unix:" + socket + ",server=on,wait=off"));
        this.qemu = ManagedProcess.start("qemu", command, folder.resolve("qemu.log"));
        try {
            Path console = seat("primary").console();
            Await.until("the guest is ready; its console: " + console, BOOT_MILLIS, () -> {
                if (!qemu.alive()) {
                    throw new IOException("QEMU ended: " + qemu.tail(5));
                }
                return Files.exists(console)
                        && Files.readString(console, StandardCharsets.ISO_8859_1)
                                .contains("READY ");
            });
            this.monitor = QmpClient.connect(socket, event -> {}, QMP_LIMIT);
        } catch (IOException | QmpException | InterruptedException e) {
            qemu.close();
            throw e;
        }
    }

    static FaultGuest boot(Path folder) throws IOException, QmpException, InterruptedException {
        return new FaultGuest(folder, Optional.empty());
    }

    /** One whose memory is in a shared file. */
    static FaultGuest bootInSharedMemory(Path folder) throws IOException, QmpException, InterruptedException {
        Path memory = Files.createTempDirectory(
                Path.of("/dev/shm"), "lull-" + System.getenv().getOrDefault("LULL_RUN", "alone") + "-fault-");
        try {
            return new FaultGuest(folder, Optional.of(memory));
        } catch (IOException | QmpException | InterruptedException e) {
            delete(memory);
            throw e;
        }
    }

    private static void delete(Path memory) throws IOException {
        for (String file : List.of("ram", "standby-ram")) {
            Files.deleteIfExists(memory.resolve(file));
        }
        Files.delete(memory);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private GuestSpec.Seat seat(String name) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        return GuestSpec.Seat.in(own, Optional.of(disk(name)), Optional.empty());
    }

    /** The disk of a side; both begin empty. */
    Path disk(String name) throws IOException {
        Path disk = folder.resolve(name + ".raw");
        if (!Files.exists(disk)) {
            Files.write(disk, new byte[DISK_BYTES]);
        }
        return disk;
    }

    private static List<String> machine(String forward) {
        return List.of(
                "-netdev",
                "user,id=net0,restrict=off" + forward,
                "-device",
                "virtio-net-pci,netdev=net0,id=nic0,addr=0x4,romfile=,mac=52:54:00:10:09:02");
    }

    /** The command line of a standby of this guest. */
    List<String> standbyCommand() throws IOException {
        Path own = Files.createDirectories(folder.resolve("standby"));
        GuestSpec.Seat seat = GuestSpec.Seat.standby(own, Optional.of(disk("backup")), Optional.empty());
        GuestSpec standbySpec = new GuestSpec(
                spec.images(),
                spec.vcpus(),
                spec.ramKib(),
                spec.kernelOptions(),
                memory.map(within -> within.resolve("standby-ram")));
        List<String> command = new ArrayList<>(standbySpec.standbyCommand(seat));
        command.addAll(machine(""));
        return command;
    }

    int redisPort() {
        return redisPort;
    }

    ManagedProcess qemu() {
        return qemu;
    }

    /** Whether QEMU says that the guest runs. */
    boolean running() throws IOException {
        return ask("query-status").path("running").asBoolean();
    }

    /** Whether QEMU says that the guest runs; empty when it says nothing in time. */
    Optional<Boolean> runningWithin(Duration limit) throws IOException {
        try {
            JsonNode status = monitor.execute("query-status", JsonNodeFactory.instance.objectNode(), limit)
                    .get();
            return Optional.of(status.path("running").asBoolean());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof QmpException late && late.kind() == QmpException.Kind.TIMEOUT) {
                return Optional.empty();
            }
            throw new IOException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    JsonNode ask(String command) throws IOException {
        return ask(command, Map.of());
    }

    JsonNode ask(String command, Map<String, ?> arguments) throws IOException {
        try {
            return monitor.call(command, arguments);
        } catch (QmpException e) {
            throw new IOException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** What a worker has put into QEMU and not taken out: filters, character devices, block jobs, nodes. */
    List<String> leftovers() throws IOException {
        List<String> found = new ArrayList<>();
        ask("query-chardev").forEach(each -> addOwn(found, each.path("label").asText()));
        ask("query-named-block-nodes")
                .forEach(each -> addOwn(found, each.path("node-name").asText()));
        ask("query-block-jobs")
                .forEach(each -> addOwn(found, each.path("device").asText()));
        ask("qom-list", Map.of("path", "/objects"))
                .forEach(each -> addOwn(found, each.path("name").asText()));
        String migration = ask("query-migrate").path("status").asText("none");
        if (!List.of("none", "completed", "failed", "cancelled").contains(migration)) {
            found.add("migration " + migration);
        }
        return found;
    }

    private static void addOwn(List<String> found, String name) {
        if (name.startsWith("lull")) {
            found.add(name);
        }
    }

    /** The configuration of a worker that protects this guest, with these overrides by dotted key. */
    Path config(int backupPort, Map<String, Object> overrides) throws IOException {
        var root = new YAMLMapper().createObjectNode();
        root.put("vm", VM)
                .put("host", FaultCertificates.PRIMARY)
                .put("runDir", folder.resolve("run").toString())
                .put("fence", "none");
        GuestSpec.Seat seat = seat("primary");
        root.putObject("qemu")
                .put("qmp", seat.qmp())
                .put("watchdogQmp", seat.watchdogQmp().toString());
        root.putObject("tls")
                .put(
                        "certificate",
                        FaultCertificates.folder()
                                .certificateOf(FaultCertificates.PRIMARY)
                                .toString())
                .put(
                        "key",
                        FaultCertificates.folder()
                                .keyOf(FaultCertificates.PRIMARY)
                                .toString())
                .put("authority", FaultCertificates.folder().authority().toString());
        root.putObject("network").put("netdev", "net0");
        root.putObject("disk").put("node", "disk0");
        root.putObject("backup")
                .put("address", "127.0.0.1:" + backupPort)
                .put("host", FaultCertificates.BACKUP)
                .put("retryMillis", 100);
        overrides.forEach((key, value) -> {
            String[] path = key.split("\\.");
            var node = path.length == 1 ? root : root.withObject("/" + path[0]);
            node.set(path[path.length - 1], new YAMLMapper().valueToTree(value));
        });
        Path file = folder.resolve("primary.yaml");
        new YAMLMapper().writeValue(file.toFile(), root);
        return file;
    }

    PrimaryConfig loaded(int backupPort, Map<String, Object> overrides) throws IOException {
        try {
            return ConfigLoader.primary(config(backupPort, overrides));
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        monitor.close();
        qemu.close();
        if (memory.isPresent()) {
            try {
                delete(memory.get());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
