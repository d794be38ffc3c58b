package io.lull.worker.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.wire.Credentials;
import io.lull.worker.wire.HostNames;
import io.lull.worker.wire.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateFolderTest {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path parent;

    @Test
    void aHostsCertificateSaysWhoItIsWhereAndForHowLong() throws Exception {
        CertificateFolder folder = folder();
        X509Certificate made = folder.issue(request("host-a", "10.0.0.2", "fe80::1", "a.example"));

        assertThat(HostNames.of(made))
                .isEqualTo(new HostNames(Set.of("host-a"), Set.of("10.0.0.2", "fe80:0:0:0:0:0:0:1", "a.example")));
        assertThat(made.getNotBefore().toInstant()).isEqualTo(NOW.minus(DAY));
        assertThat(made.getNotAfter().toInstant()).isEqualTo(NOW.plus(DAY));
        assertThat(made.getBasicConstraints()).as("it can't sign others").isEqualTo(-1);
        assertThat(made.getPublicKey().getAlgorithm()).isEqualTo("EC");
        assertThat(made.getSigAlgName()).isEqualTo("SHA256withECDSA");
        made.verify(Pem.certificates(folder.authority()).get(0).getPublicKey());
        assertThat(Credentials.read(folder.certificateOf("host-a"), folder.keyOf("host-a"), folder.authority())
                        .certificate())
                .isEqualTo(made);
    }

    @Test
    void keysAreReadableByTheirOwnerAlone() throws Exception {
        CertificateFolder folder = folder();
        folder.issue(request("host-a"));

        for (Path key : List.of(folder.authorityKey(), folder.keyOf("host-a"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void nothingIsOverwritten() throws Exception {
        CertificateFolder folder = folder();
        folder.issue(request("host-a"));
        String before = contents(folder);

        assertThatThrownBy(() -> folder.keep(authority()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("authority.pem is there already");
        assertThatThrownBy(() -> folder.issue(request("host-a")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("host-a.pem is there already");
        Files.delete(folder.certificateOf("host-a"));
        assertThatThrownBy(() -> folder.issue(request("host-a"))).hasMessageContaining("host-a.key is there already");
        assertThat(contents(folder)).isEqualTo(before);
    }

    private static String contents(CertificateFolder folder) throws IOException {
        return Files.readString(folder.authority())
                + Files.readString(folder.authorityKey())
                + Files.readString(folder.keyOf("host-a"));
    }

    @Test
    void withoutAnAuthorityNothingIsSigned() {
        assertThatThrownBy(() -> new CertificateFolder(parent.resolve("empty")).issue(request("host-a")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("lull certs authority --directory " + parent.resolve("empty"));
    }

    @Test
    void anAuthoritysKeyThatOthersMayReadIsNotUsed() throws Exception {
        CertificateFolder folder = folder();
        Files.setPosixFilePermissions(folder.authorityKey(), PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> folder.issue(request("host-a")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void noCertificateOutlastsItsAuthority() throws Exception {
        CertificateFolder folder = folder();
        HostRequest late = new HostRequest("host-a", List.of(), NOW, NOW.plus(Duration.ofDays(400)));

        assertThatThrownBy(() -> folder.issue(late))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ask for fewer days");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "../a", "a\n", "ä"})
    void aNameThatNoFileOrCertificateShouldHaveIsRefused(String name) {
        assertThatThrownBy(() -> request(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "10.0.0.2/8", "999.0.0.1", "::g", "*.example"})
    void anAddressThatIsNoneIsRefused(String address) throws Exception {
        CertificateFolder folder = folder();

        assertThatThrownBy(() -> folder.issue(request("host-a", address))).isInstanceOf(IllegalArgumentException.class);
        assertThat(folder.keyOf("host-a")).doesNotExist();
    }

    @Test
    void aHostCanNotTakeTheAuthoritysFiles() throws Exception {
        CertificateFolder folder = folder();

        assertThatThrownBy(() -> folder.issue(request("authority"))).isInstanceOf(IllegalArgumentException.class);
    }

    private static CertificateAuthority authority() {
        return CertificateAuthority.create(NOW.minus(DAY), NOW.plus(Duration.ofDays(300)));
    }

    private CertificateFolder folder() throws IOException {
        CertificateFolder folder = new CertificateFolder(parent.resolve("certs"));
        folder.keep(authority());
        return folder;
    }

    private static HostRequest request(String host, String... addresses) {
        return new HostRequest(host, List.of(addresses), NOW.minus(DAY), NOW.plus(DAY));
    }
}
