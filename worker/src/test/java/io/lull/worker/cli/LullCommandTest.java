package io.lull.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.record.Recorder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What a person sees who starts a worker wrongly: one line, and an exit code. */
@Timeout(60)
class LullCommandTest {
    @TempDir
    Path folder;

    private final StringWriter errors = new StringWriter();

    @ParameterizedTest
    @ValueSource(strings = {"primary", "backup"})
    void aConfigurationThatIsNotThereIsWrongUsage(String verb) {
        int code = run(verb, "--config", folder.resolve("absent.yaml").toString());

        assertThat(code).isEqualTo(2);
        assertOneLine("absent.yaml");
    }

    @ParameterizedTest
    @ValueSource(strings = {"primary", "backup"})
    void oneBadConfigurationOfSeveralIsWrongUsageBeforeAnythingStarts(String verb) throws Exception {
        int code = run(verb, "--config", folder.resolve("absent.yaml").toString(), "--config", file("vn: db\n"));

        assertThat(code).isEqualTo(2);
        assertOneLine("absent.yaml");
        assertThat(folder.toFile().list()).containsExactly("lull.yaml");
    }

    @Test
    void anUnknownKeyIsWrongUsage() throws Exception {
        int code = run("primary", "--config", file("vn: db\n"));

        assertThat(code).isEqualTo(2);
        assertOneLine("unknown key 'vn'");
    }

    @Test
    void aStandbyCommandWithoutItsPlaceholdersIsWrongUsage() throws Exception {
        int code = run(
                "backup",
                "--config",
                file("vm: db\nhost: b\nrunDir: " + folder + "\nimage: {directory: " + folder
                        + "/image}\nstandby: {command: [qemu]}\n"));

        assertThat(code).isEqualTo(2);
        assertOneLine("standby");
    }

    @Test
    void aKafkaThatCanNotBeReachedIsSaidWithItsAddress() throws Exception {
        int closed = closedPort();
        int code = run(
                "primary",
                "--config",
                file("vm: db\nhost: a\nrunDir: " + folder + "\nfence: none\nqemu: {qmp: " + folder
                        + "/absent.sock}\nbackup: {unsafePlaintext: true}\nkafka: {bootstrap: '127.0.0.1:" + closed
                        + "'}\n"));

        assertThat(code).isEqualTo(1);
        assertOneLine("127.0.0.1:" + closed);
    }

    @Test
    void aStatusSocketThatIsNotThereIsNamed() {
        int code = run("status", folder.toString());

        assertThat(code).isEqualTo(1);
        assertOneLine(folder.resolve("status.sock").toString());
    }

    @Test
    void anExporterOfNobodyOrWithoutAPortIsWrongUsage() {
        assertThat(run("exporter")).isEqualTo(2);
        assertOneLine("give --below FOLDER, or the runDir of a worker");

        errors.getBuffer().setLength(0);
        assertThat(run("exporter", "--listen", "127.0.0.1", "--below", folder.toString()))
                .isEqualTo(2);
        assertOneLine("'--listen' must be host:port");
    }

    @Test
    void aBackupThatIsNotThereCanNotBeToldToTakeOver() {
        int code = run("takeover", folder.toString());

        assertThat(code).isEqualTo(1);
        assertOneLine(folder.resolve("command.sock").toString());
    }

    @Test
    void aRecordingOfAKafkaThatCanNotBeReachedLeavesNoFile() throws Exception {
        int closed = closedPort();
        Path out = folder.resolve("a.lullrec");
        int code = run(
                "record",
                "--bootstrap-servers",
                "127.0.0.1:" + closed,
                "--vm",
                "db",
                "--seconds",
                "1",
                "--wait",
                "1",
                "--out",
                out + "");

        assertThat(code).isEqualTo(1);
        assertOneLine("127.0.0.1:" + closed);
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aNameThatNoVmCanHaveIsWrongUsage() {
        int code = run(
                "record",
                "--bootstrap-servers",
                "h:1",
                "--vm",
                "a b",
                "--seconds",
                "1",
                "--out",
                folder.resolve("x") + "");

        assertThat(code).isEqualTo(2);
        assertOneLine("--vm");
    }

    @Test
    void explainingNothingInParticularIsWrongUsage() {
        assertThat(run("explain", "--vm", "db")).isEqualTo(2);
        assertOneLine("give --bootstrap-servers and --vm, or --file");
    }

    @Test
    void aFileThatIsNoRecordingIsNamed() throws Exception {
        String file = file("vm: db\n");

        assertThat(run("explain", "--file", file)).isEqualTo(1);
        assertOneLine(file + ": this is no recording of Lull");
    }

    @Test
    void anEpochThatARecordingDoesNotHaveIsSaid() throws Exception {
        Path file = folder.resolve("empty.lullrec");
        try (Recorder recorder = new Recorder(file)) {
            recorder.finish();
        }

        assertThat(run("explain", "--file", file.toString(), "--epoch", "7")).isEqualTo(1);
        assertOneLine("no epoch 7 in recording " + file + ", which has 0 reports");
    }

    private void assertOneLine(String part) {
        assertThat(errors.toString().strip())
                .startsWith("lull: ")
                .contains(part)
                .doesNotContain("\n")
                .doesNotContain("Exception: ");
    }

    private int run(String... arguments) {
        CommandLine line = LullCommand.commandLine();
        line.setErr(new PrintWriter(errors, true));
        return line.execute(arguments);
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("lull.yaml"), text).toString();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
