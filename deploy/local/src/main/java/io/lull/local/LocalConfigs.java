package io.lull.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.lull.local.GuestSpec.Seat;
import io.lull.worker.certs.CertificateAuthority;
import io.lull.worker.certs.CertificateFolder;
import io.lull.worker.certs.HostRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Writes the workers' configuration files of a local stack. */
final class LocalConfigs {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Duration CERTIFICATES_LAST = Duration.ofDays(2);

    private LocalConfigs() {}

    /**
     * A host in a role.
     *
     * @param host its name
     * @param peer name of the other
     * @param run what its worker is called here
     */
    record Place(String host, String peer, String run) {
        /** Where the VM begins. */
        static final Place PRIMARY = new Place("host-a", "host-b", "primary");
        /** Its backup then. */
        static final Place BACKUP = new Place("host-b", "host-a", "backup");

        /** The same host with a worker of another name. */
        Place running(String other) {
            return new Place(host, peer, other);
        }
    }

    /** Where the parts of a stack find each other, as host:port. */
    record Addresses(String kafka, String backup) {
        /** With a free port of loopback for the backup. */
        static Addresses of(String kafka) throws IOException {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return new Addresses(kafka, "127.0.0.1:" + free.getLocalPort());
            }
        }
    }

    /** Makes an authority and the certificates of both hosts, as {@code lull certs} would. */
    static void certificates(LocalOptions options) throws IOException {
        Instant from = Instant.now().minus(Duration.ofHours(1));
        Instant until = from.plus(CERTIFICATES_LAST);
        CertificateFolder folder = certificateFolder(options);
        folder.keep(CertificateAuthority.create(from, until));
        for (String host : List.of(Place.PRIMARY.host(), Place.BACKUP.host())) {
            folder.issue(new HostRequest(host, List.of(), from, until));
        }
    }

    private static CertificateFolder certificateFolder(LocalOptions options) {
        return new CertificateFolder(options.folder().resolve("certs"));
    }

    private static void tls(ObjectNode root, LocalOptions options, String host) {
        CertificateFolder folder = certificateFolder(options);
        root.putObject("tls")
                .put("certificate", folder.certificateOf(host).toString())
                .put("key", folder.keyOf(host).toString())
                .put("authority", folder.authority().toString());
    }

    static Path primary(LocalOptions options, Place place, Seat seat, Addresses addresses) throws IOException {
        ObjectNode root = YAML.createObjectNode();
        root.put("vm", options.name());
        root.put("host", place.host());
        tls(root, options, place.host());
        root.put("runDir", runDir(options, place.run()).toString());
        root.putObject("qemu")
                .put("qmp", seat.qmp())
                .put("watchdogQmp", seat.watchdogQmp().toString());
        root.putObject("network").put("netdev", "net0");
        root.putObject("disk").put("node", "disk0");
        root.putObject("backup").put("address", addresses.backup()).put("host", place.peer());
        root.putObject("kafka").put("bootstrap", addresses.kafka());
        options.primary().forEach((key, value) -> override(root, key, value));
        return write(options, place.run() + ".yaml", root);
    }

    static Path backup(LocalOptions options, Place place, List<String> standbyCommand, Seat seat, Addresses addresses)
            throws IOException {
        ObjectNode root = YAML.createObjectNode();
        root.put("vm", options.name());
        root.put("host", place.host());
        tls(root, options, place.host());
        root.putArray("primaries").add(place.peer());
        root.put("runDir", runDir(options, place.run()).toString());
        root.put("listen", addresses.backup());
        root.putObject("image")
                .put(
                        "directory",
                        Files.createDirectories(image(options).resolve(place.host()))
                                .toString());
        root.putObject("disk").put("file", seat.disk().map(Path::toString).orElse(""));
        var command = root.putObject("standby").putArray("command");
        standbyCommand.forEach(command::add);
        root.putObject("kafka").put("bootstrap", addresses.kafka());
        options.backup().forEach((key, value) -> override(root, key, value));
        return write(options, place.run() + ".yaml", root);
    }

    private static Path image(LocalOptions options) {
        return Path.of("/dev/shm/lull-" + options.name());
    }

    /** Removes the committed image, which lies in memory. */
    static void removeImage(LocalOptions options) {
        try {
            Removal.remove(image(options));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path runDir(LocalOptions options, String worker) {
        return options.folder().resolve(worker + "-run");
    }

    private static void override(ObjectNode root, String path, Object value) {
        String[] keys = path.split("\\.");
        ObjectNode node = root;
        for (int i = 0; i < keys.length - 1; i++) {
            node = node.withObject("/" + keys[i]);
        }
        node.set(keys[keys.length - 1], YAML.valueToTree(value));
    }

    private static Path write(LocalOptions options, String name, ObjectNode root) throws IOException {
        Path file = options.folder().resolve(name);
        YAML.writeValue(file.toFile(), root);
        return file;
    }
}
