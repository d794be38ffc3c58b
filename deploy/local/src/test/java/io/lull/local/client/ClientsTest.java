package io.lull.local.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The clients against servers that lose, double, hang up and send the wrong bytes. */
@Timeout(20)
class ClientsTest {
    private static final long FAST = 1 << 30;
    /** Of "hello". */
    private static final String MD5 = "5d41402abc4b2a76b9719d911017c592";

    @TempDir
    Path folder;

    @Test
    void theIncrClientSaysThatItsConnectionIsDeadAndWhatItSawBefore() throws IOException {
        try (Peer redis = new Peer("k", List.of(":1\r\n", ":2\r\n", ":4\r\n", ":4\r\n"))) {
            ByteArrayOutputStream said = new ByteArrayOutputStream();

            IncrReport report = IncrClient.run(
                    redis.host(), redis.port(), 10, "k", new PrintStream(said, true, StandardCharsets.UTF_8));

            assertThat(report.alive()).isFalse();
            assertThat(report.replies()).isEqualTo(4);
            assertThat(report.lost()).isEqualTo(1);
            assertThat(report.doubled()).isEqualTo(1);
            assertThat(said.toString(StandardCharsets.UTF_8).lines())
                    .containsExactly("{\"replies\":1}", "{\"replies\":2}", "{\"replies\":3}", "{\"replies\":4}");
        }
    }

    @Test
    void theIncrClientTakesAnErrorForADeadConnection() throws IOException {
        try (Peer redis = new Peer("k", List.of("-ERR no\r\n"))) {
            IncrReport report = IncrClient.run(redis.host(), redis.port(), 10, "k", System.out);

            assertThat(report.alive()).isFalse();
            assertThat(report.replies()).isZero();
        }
    }

    @Test
    void theDownloadClientTellsTheMd5OfWhatCame() throws Exception {
        assertThat(download("Content-Length: 5\r\n\r\nhello")).isEqualTo(new DownloadReport(true, 5, MD5, 0));
        DownloadReport wrong = download("Content-Length: 5\r\n\r\nhellO");
        assertThat(wrong.whole()).isTrue();
        assertThat(wrong.md5()).isNotEqualTo(MD5);
    }

    @Test
    void theDownloadClientSaysThatAFileWasCutOff() throws Exception {
        DownloadReport report = download("Content-Length: 6\r\n\r\nhello");

        assertThat(report.whole()).isFalse();
        assertThat(report.bytes()).isEqualTo(5);
    }

    private static DownloadReport download(String answer) throws Exception {
        try (Peer nginx = new Peer("", List.of("HTTP/1.0 200 OK\r\n" + answer))) {
            DownloadReport report = DownloadClient.run(nginx.host(), nginx.port(), "/big", FAST);
            return new DownloadReport(report.whole(), report.bytes(), report.md5(), 0);
        }
    }

    @Test
    void aLogTellsTheRepliesSoFarAndTheReportAtTheEnd() throws IOException {
        ClientLog log = new ClientLog(folder.resolve("log"));
        assertThat(log.replies()).isEmpty();
        Files.writeString(log.file(), "a message\n{\"replies\":1}\n{\"replies\":2}\n{\"repl");
        assertThat(log.replies()).hasValue(2L);
        assertThat(log.ended()).isFalse();

        IncrReport report = new IncrReport(false, 2, 1, 0, 3, 17);
        Files.writeString(log.file(), "{\"replies\":2}\n" + ClientLog.endLine(report) + "\n");

        assertThat(log.ended()).isTrue();
        assertThat(log.report(IncrReport.class)).isEqualTo(report);
    }

    @Test
    void aReportThatIsMissingOrLacksAFieldIsAnErrorAndNotAZero() throws IOException {
        ClientLog log = new ClientLog(folder.resolve("log"));
        Files.writeString(log.file(), "{\"replies\":2}\n");
        assertThatThrownBy(() -> log.report(IncrReport.class)).hasMessageContaining("without its report");

        Files.writeString(log.file(), "{\"end\":{\"alive\":true,\"replies\":2}}\n");

        assertThatThrownBy(() -> log.report(IncrReport.class))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("lost");
    }
}
