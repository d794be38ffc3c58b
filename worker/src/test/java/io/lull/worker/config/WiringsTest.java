package io.lull.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.certs.CertificateAuthority;
import io.lull.worker.certs.CertificateFolder;
import io.lull.worker.certs.HostRequest;
import io.lull.worker.wire.Wire;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From the files that a configuration names to the connection that comes of it. */
@Timeout(60)
class WiringsTest {
    @TempDir
    Path directory;

    private CertificateFolder folder = new CertificateFolder(Path.of(""));

    @BeforeEach
    void make() throws IOException {
        Instant now = Instant.now();
        folder = new CertificateFolder(directory.resolve("certs"));
        folder.keep(CertificateAuthority.create(now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(9))));
        folder.issue(
                new HostRequest("a", List.of(), now, now.plus(Duration.ofDays(9).minusMinutes(1))));
        folder.issue(new HostRequest("b", List.of("127.0.0.1"), now, now.plus(Duration.ofDays(8))));
    }

    @Test
    void aPrimaryAndABackupKnowEachOtherByName() throws Exception {
        Wire primary = connected(primary("a", "backup: {host: b}"), backup("b", "primaries: [a]"));

        assertThat(primary.state().peer()).isEqualTo("host b at 127.0.0.1");
    }

    @Test
    void withoutANameTheBackupMustBeForItsAddress() throws Exception {
        assertThat(connected(primary("a", ""), backup("b", "")).proof()).isPresent();
        assertThatThrownBy(() -> connected(primary("a", "backup: {address: 'localhost:7711'}"), backup("b", "")))
                .hasMessageContaining("not of localhost");
    }

    @Test
    void aPrimaryThatTheBackupDoesNotNameIsTurnedAway() throws Exception {
        Wire primary = connected(primary("a", "backup: {host: b}"), backup("b", "primaries: [c]"));

        assertThatThrownBy(() -> primary.read(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
    }

    @Test
    void aCertificateOfAnotherHostIsRefusedAtStart() throws Exception {
        PrimaryConfig mixed = primary("a", "", "b");

        assertThatThrownBy(() -> Wirings.of(mixed))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is of host b at 127.0.0.1, not of host 'a'");
    }

    @Test
    void aKeyThatOthersMayReadIsRefusedAtStart() throws Exception {
        Files.setPosixFilePermissions(folder.keyOf("a"), PosixFilePermissions.fromString("rw-r--r--"));
        PrimaryConfig config = primary("a", "");

        assertThatThrownBy(() -> Wirings.of(config))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("chmod 600");
    }

    private PrimaryConfig primary(String host, String more) throws Exception {
        return primary(host, more, host);
    }

    private PrimaryConfig primary(String host, String more, String certified) throws Exception {
        return ConfigLoader.primary(file("vm: db\nhost: " + host
                + "\nrunDir: /run/lull\nfence: none\nqemu: {qmp: /run/qmp}\n" + tls(certified) + more));
    }

    private BackupConfig backup(String host, String more) throws Exception {
        return ConfigLoader.backup(
                file("vm: db\nhost: " + host + "\nrunDir: /run/lull\nimage: {directory: /dev/shm/db}\n"
                        + "standby: {command: [q, 'unix:{qmp}', 'unix:{incoming}']}\n" + tls(host) + more));
    }

    private String tls(String host) {
        return "tls: {certificate: " + folder.certificateOf(host) + ", key: " + folder.keyOf(host) + ", authority: "
                + folder.authority() + "}\n";
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("lull.yaml"), text);
    }

    /** The primary's end of a connection to the backup, once it is through with its handshake. */
    private static Wire connected(PrimaryConfig primary, BackupConfig backup) throws Exception {
        Wiring from = Wirings.of(backup);
        try (ServerSocketChannel server =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Wire near = Wirings.of(primary).over(SocketChannel.open(server.getLocalAddress()));
            Wire far = from.over(server.accept());
            Thread thread = new Thread(() -> {
                try {
                    far.handshake();
                } catch (IOException refused) {
                    closeQuietly(far);
                }
            });
            thread.setDaemon(true);
            thread.start();
            near.handshake();
            return near;
        }
    }

    private static void closeQuietly(Wire wire) {
        try {
            wire.close();
        } catch (IOException e) {
            throw new AssertionError("closing a socket does not fail", e);
        }
    }
}
