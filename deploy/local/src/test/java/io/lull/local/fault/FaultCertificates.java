package io.lull.local.fault;

import io.lull.worker.certs.CertificateAuthority;
import io.lull.worker.certs.CertificateFolder;
import io.lull.worker.certs.HostRequest;
import io.lull.worker.wire.Credentials;
import io.lull.worker.wire.MutualTls;
import io.lull.worker.wire.PeerRule;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Certificates of the two hosts of the fault tests, made once for this JVM. */
final class FaultCertificates {
    static final String PRIMARY = "host-a";
    static final String BACKUP = "host-b";

    private static final CertificateFolder FOLDER = made();

    private FaultCertificates() {}

    private static CertificateFolder made() {
        try {
            Path directory = Files.createTempDirectory("lull-certs");
            Instant now = Instant.now();
            CertificateFolder folder = new CertificateFolder(directory);
            folder.keep(CertificateAuthority.create(now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(2))));
            for (String host : List.of(PRIMARY, BACKUP)) {
                folder.issue(
                        new HostRequest(host, List.of(), now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(1))));
            }
            directory.toFile().deleteOnExit();
            for (Path file : filesOf(folder)) {
                file.toFile().deleteOnExit();
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> filesOf(CertificateFolder folder) {
        return List.of(
                folder.authority(),
                folder.authorityKey(),
                folder.certificateOf(PRIMARY),
                folder.keyOf(PRIMARY),
                folder.certificateOf(BACKUP),
                folder.keyOf(BACKUP));
    }

    static CertificateFolder folder() {
        return FOLDER;
    }

    /** The backup's way to its primary. */
    static Wiring backup() throws IOException {
        return MutualTls.of(Credentials.read(FOLDER.certificateOf(BACKUP), FOLDER.keyOf(BACKUP), FOLDER.authority()))
                .from(PeerRule.anyOf(Set.of(PRIMARY)));
    }
}
