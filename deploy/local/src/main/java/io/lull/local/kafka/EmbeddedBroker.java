package io.lull.local.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker (KRaft, broker and controller in one) in this JVM, on loopback. Its data survives a stop: started
 * again it is the same broker on the same port.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int NODE = 1;
    private static final int SEGMENT_BYTES = 64 << 20;

    /** The default is 128 MiB, taken at start; our compacted topics have few keys. */
    private static final int CLEANER_BYTES = 2 << 20;

    private final Path directory;
    private final int port;
    private final int controllerPort;
    private final Map<String, String> more;
    private @Nullable KafkaRaftServer server;

    /** A broker on free ports, not yet started; {@code directory} is made when it isn't there. */
    public EmbeddedBroker(Path directory) throws IOException {
        this(directory, Ports.free());
    }

    /** A broker on this port, not yet started; {@code directory} is made when it isn't there. */
    public EmbeddedBroker(Path directory, int port) throws IOException {
        this(directory, new Ports(port, Ports.free().controller()), Map.of());
    }

    /** A broker on a free port with {@code more} settings by their Kafka names, which win over its own. */
    public EmbeddedBroker(Path directory, Map<String, String> more) throws IOException {
        this(directory, Ports.free(), more);
    }

    private EmbeddedBroker(Path directory, Ports ports) {
        this(directory, ports, Map.of());
    }

    private EmbeddedBroker(Path directory, Ports ports, Map<String, String> more) {
        this.directory = directory;
        this.port = ports.broker();
        this.more = Map.copyOf(more);
        this.controllerPort = ports.controller();
    }

    /** Where it takes connections of clients, and of itself as its controller. */
    private record Ports(int broker, int controller) {
        /** Two that are free; both are held until both are known, or they might be the same. */
        static Ports free() throws IOException {
            try (ServerSocket broker = bound();
                    ServerSocket controller = bound()) {
                return new Ports(broker.getLocalPort(), controller.getLocalPort());
            }
        }

        private static ServerSocket bound() throws IOException {
            return new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK));
        }
    }

    /** {@code host:port} for clients. */
    public String bootstrapServers() {
        return LOOPBACK + ":" + port;
    }

    /** Returns once the broker takes requests; some seconds. */
    public synchronized void start() throws IOException {
        if (server != null) {
            throw new IllegalStateException("the broker on port " + port + " runs already; stop it first");
        }
        format();
        KafkaRaftServer starting = new KafkaRaftServer(new KafkaConfig(settings(), false), Time.SYSTEM);
        starting.startup();
        server = starting;
    }

    /** Returns once the broker has ended; its data stays. Does nothing when it doesn't run. */
    public synchronized void stop() {
        KafkaRaftServer running = server;
        if (running != null) {
            server = null;
            running.shutdown();
            running.awaitShutdown();
        }
    }

    @Override
    public void close() {
        stop();
    }

    private void format() throws IOException {
        Files.createDirectories(directory);
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        Formatter formatter = new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(NODE)
                .setDirectories(List.of(directory.toString()))
                .setMetadataLogDirectory(directory.toString())
                .setControllerListenerName("CONTROLLER")
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setIgnoreFormatted(true);
        try {
            formatter.run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the broker's directory " + directory + " can't be formatted: " + e.getMessage(), e);
        }
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE));
        settings.put("controller.quorum.voters", NODE + "@" + LOOPBACK + ":" + controllerPort);
        settings.put(
                "listeners",
                "PLAINTEXT://" + LOOPBACK + ":" + port + ",CONTROLLER://" + LOOPBACK + ":" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://" + bootstrapServers());
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("log.dirs", directory.toString());
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            settings.put(topic + ".replication.factor", "1");
            settings.put(topic + ".num.partitions", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("auto.create.topics.enable", "false");
        settings.put("controlled.shutdown.enable", "false");
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "2");
        settings.put("log.segment.bytes", Integer.toString(SEGMENT_BYTES));
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(CLEANER_BYTES));
        settings.putAll(more);
        return settings;
    }
}
