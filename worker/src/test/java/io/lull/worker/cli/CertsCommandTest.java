package io.lull.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.config.ConfigLoader;
import io.lull.worker.config.Wirings;
import io.lull.worker.wire.Pem;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** An operator on the way to two hosts that know each other. */
class CertsCommandTest {
    @TempDir
    Path folder;

    private final StringWriter said = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @Test
    void whatItPrintsForAHostIsWhatItsConfigurationNeeds() throws Exception {
        assertThat(run("certs", "authority", "--directory", certs())).isZero();
        assertThat(said.toString())
                .contains("authority.pem: the authority's certificate")
                .contains("authority.key: its key. Keep it here")
                .contains("lull certs host --name HOST --directory " + certs());
        assertThat(run("certs", "host", "--name", "host-b", "--address", "127.0.0.1", "--directory", certs()))
                .isZero();

        assertThat(said.toString()).contains("host-b.key: its key", "backup:\n  host: host-b");
        String yaml = said.toString()
                .substring(
                        said.toString().indexOf("host: host-b\ntls:"),
                        said.toString().indexOf("and in the primary"));
        Path config = Files.writeString(folder.resolve("backup.yaml"), """
                vm: db
                runDir: /run/lull
                image: {directory: /dev/shm/db}
                standby: {command: [q, "unix:{qmp}", "unix:{incoming}"]}
                """ + yaml);
        assertThat(Wirings.of(ConfigLoader.backup(config))).isNotNull();
    }

    @Test
    void nothingIsOverwrittenAndKeysAreTheOwnersAlone() throws Exception {
        run("certs", "authority", "--directory", certs());
        run("certs", "host", "--name", "a", "--directory", certs());
        byte[] authority = Files.readAllBytes(Path.of(certs(), "authority.key"));
        byte[] host = Files.readAllBytes(Path.of(certs(), "a.key"));

        assertThat(run("certs", "authority", "--directory", certs())).isEqualTo(1);
        assertThat(run("certs", "host", "--name", "a", "--directory", certs())).isEqualTo(1);
        assertThat(errors.toString().lines())
                .hasSize(2)
                .allMatch(
                        line -> line.startsWith("lull: ") && line.contains("is there already and is not overwritten"));
        assertThat(Files.readAllBytes(Path.of(certs(), "authority.key"))).isEqualTo(authority);
        assertThat(Files.readAllBytes(Path.of(certs(), "a.key"))).isEqualTo(host);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(certs(), "a.key"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(certs()))))
                .isEqualTo("rwx------");
    }

    @Test
    void certificatesLastForTheDaysThatAreAskedFor() throws Exception {
        run("certs", "authority", "--directory", certs(), "--days", "30");
        run("certs", "host", "--name", "a", "--directory", certs(), "--days", "7");

        assertThat(end("authority")).isBetween(days(29), days(30));
        assertThat(end("a")).isBetween(days(6), days(7));
        assertThat(run("certs", "host", "--name", "b", "--directory", certs(), "--days", "31"))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("ask for fewer days");
    }

    private Instant end(String name) throws Exception {
        return Pem.certificates(Path.of(certs(), name + ".pem"))
                .get(0)
                .getNotAfter()
                .toInstant();
    }

    private static Instant days(int days) {
        return Instant.now().plus(Duration.ofDays(days));
    }

    @ParameterizedTest
    @CsvSource({
        "authority,--days,0,--days must be from 1 to 7300",
        "authority,--days,7301,--days must be from 1 to 7300",
        "host,--days,826,--days must be from 1 to 825",
        "host,--name,a b,a host's name must be 1 to 200 letters",
        "host,--name,authority,a host can't be called 'authority'",
        "host,--address,no address,an address must be a DNS name or an IP address",
    })
    void whatIsWrongIsWrongUsageInOneLine(String what, String option, String value, String message) {
        run("certs", "authority", "--directory", certs());
        String other = folder.resolve("other").toString();
        int code = what.equals("authority")
                ? run("certs", "authority", "--directory", other, option, value)
                : option.equals("--name")
                        ? run("certs", "host", "--directory", certs(), option, value)
                        : run("certs", "host", "--directory", certs(), "--name", "a", option, value);

        assertThat(code).isEqualTo(2);
        assertThat(errors.toString().strip())
                .startsWith("lull: ")
                .contains(message)
                .doesNotContain("\n");
        assertThat(Path.of(other)).doesNotExist();
    }

    @Test
    void aHostWithoutAnAuthorityIsToldHowToMakeOne() {
        assertThat(run("certs", "host", "--name", "a", "--directory", certs())).isEqualTo(1);
        assertThat(errors.toString()).contains("lull certs authority --directory " + certs());
    }

    private String certs() {
        return folder.resolve("certs").toString();
    }

    private int run(String... arguments) {
        CommandLine line = LullCommand.commandLine();
        line.setOut(new PrintWriter(said, true));
        line.setErr(new PrintWriter(errors, true));
        return line.execute(arguments);
    }
}
