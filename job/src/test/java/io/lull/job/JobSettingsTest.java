package io.lull.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.TriggerPlacement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobSettingsTest {
    @TempDir
    private Path folder;

    private static JobSettings parse(String... arguments) throws IOException {
        return JobSettings.of(JobArguments.parse(arguments));
    }

    @Test
    void hasADefaultForEverything() throws IOException {
        JobSettings settings = parse();

        assertThat(settings.scheduler().policy()).isEqualTo("remus.fixed");
        assertThat(settings.scheduler().leaseMicros()).isEqualTo(2_000_000);
        assertThat(settings.scheduler().commandExpiryMicros()).isEqualTo(50_000);
        assertThat(settings.metrics()).isTrue();
        assertThat(settings.topics().telemetry().name()).isEqualTo("lull.telemetry.v1");
    }

    @Test
    void letsTheCommandLineWinOverTheFile() throws IOException {
        Path file = folder.resolve("job.properties");
        Files.writeString(file, "lull.policy=plover.idle\nlull.interval=40 ms\nlull.placement=JOB\n");

        JobSettings settings = parse("--lull.interval", "50 ms", "--config", file.toString());

        assertThat(settings.scheduler().policy()).isEqualTo("plover.idle");
        assertThat(settings.scheduler().intervalNanos()).isEqualTo(50_000_000);
        assertThat(settings.scheduler().placement()).isEqualTo(TriggerPlacement.JOB);
    }

    @Test
    void handsKafkaSettingsToTheClients() throws IOException {
        JobSettings settings = parse("--lull.bootstrap-servers", "kafka:9093", "--lull.kafka.security.protocol", "SSL");

        assertThat(settings.kafka().bootstrapServers()).isEqualTo("kafka:9093");
        assertThat(settings.kafka().clientProperties()).containsEntry("security.protocol", "SSL");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> parse("--lull.polcy", "remus.fixed"))
                .hasMessageContaining("lull.polcy")
                .hasMessageContaining("lull.policy");
        assertThatThrownBy(() -> parse("--lull.policy", "orbit.hybrid")).hasMessageContaining("needs [DIVERGENCE]");
        assertThatThrownBy(() -> parse("--lull.policy", "best")).hasMessageContaining("known are remus.fixed");
        assertThatThrownBy(() -> parse("--lull.policy")).hasMessageContaining("stands alone");
        assertThatThrownBy(() -> parse("policy", "x")).hasMessageContaining("'policy'");
    }

    @Test
    void refusesLeasesThatCannotWork() {
        assertThatThrownBy(() -> parse("--lull.lease", "600 ms")).hasMessageContaining("at least twice a lease");
        assertThatThrownBy(() -> parse("--lull.forget-after", "1 s")).hasMessageContaining("before it is forgotten");
        assertThatThrownBy(() -> parse("--lull.lease", "1 h")).hasMessageContaining("longest is PT10M");
    }
}
