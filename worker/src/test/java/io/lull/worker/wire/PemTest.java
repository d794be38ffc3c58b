package io.lull.worker.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are and that are not what a configuration says. */
class PemTest {
    @TempDir
    Path folder;

    private final Credentials own = TestCertificates.of("host-a");

    @Test
    void whatIsWrittenIsRead() throws Exception {
        Credentials read = Credentials.read(certificate(own), key(own, "rw-------"), authority());

        assertThat(read.certificate()).isEqualTo(own.certificate());
        assertThat(read.key()).isEqualTo(own.key());
        assertThat(read.authorities()).containsExactlyElementsOf(own.authorities());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx"})
    void aKeyThatOthersMayUseIsRefusedWithWhatToDo(String permissions) throws Exception {
        Path key = key(own, permissions);

        assertThatThrownBy(() -> Credentials.read(certificate(own), key, authority()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chmod 600 " + key)
                .hasMessageContaining(permissions)
                .hasMessageNotContaining("\n");
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws Exception {
        Path key = key(TestCertificates.of("host-a"), "rw-------");

        assertThatThrownBy(() -> Credentials.read(certificate(own), key, authority()))
                .hasMessageContaining("the key does not belong to the certificate");
    }

    @Test
    void aKeyOfAnotherKindIsRefused() throws Exception {
        byte[] rsa = KeyPairGenerator.getInstance("RSA")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        Path key = secret(Pem.text(Pem.PRIVATE_KEY, rsa), "rw-------");

        assertThatThrownBy(() -> Credentials.read(certificate(own), key, authority()))
                .hasMessageContaining("holds no EC key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY"})
    void aKeyInAnotherFormIsRefusedWithTheWayToThisOne(String form) throws Exception {
        Path key = secret(Pem.text(form, own.key().getEncoded()), "rw-------");

        assertThatThrownBy(() -> Credentials.read(certificate(own), key, authority()))
                .hasMessageContaining("openssl pkcs8");
    }

    @Test
    void aHostsCertificateIsNoAuthority() throws Exception {
        assertThatThrownBy(() -> Credentials.read(certificate(own), key(own, "rw-------"), certificate(own)))
                .hasMessageContaining("is no authority's certificate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
    void aFileWithoutACertificateIsNamed(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("a.pem"), text);

        assertThatThrownBy(() -> Pem.certificates(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file + " holds no certificate")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aFileThatIsNotThereIsNamedWithWhoMakesIt() {
        assertThatThrownBy(() -> Pem.certificates(folder.resolve("absent.pem")))
                .hasMessageContaining("absent.pem; `lull certs` makes");
    }

    @Test
    void severalAuthoritiesAreReadInTheirOrder() throws Exception {
        String both = text(TestCertificates.OURS.own().certificate())
                + text(TestCertificates.STRANGERS.own().certificate());

        assertThat(Pem.certificates(Files.writeString(folder.resolve("both.pem"), both)))
                .isEqualTo(List.of(
                        TestCertificates.OURS.own().certificate(),
                        TestCertificates.STRANGERS.own().certificate()));
    }

    private static String text(X509Certificate certificate) throws Exception {
        return Pem.text(Pem.CERTIFICATE, certificate.getEncoded());
    }

    private Path certificate(Credentials of) throws Exception {
        return Files.writeString(folder.resolve("a.pem"), text(of.certificate()));
    }

    private Path authority() throws Exception {
        return Files.writeString(
                folder.resolve("authority.pem"), text(own.authorities().get(0)));
    }

    private Path key(Credentials of, String permissions) throws IOException {
        return secret(Pem.text(Pem.PRIVATE_KEY, of.key().getEncoded()), permissions);
    }

    private Path secret(String text, String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve("a.key"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
