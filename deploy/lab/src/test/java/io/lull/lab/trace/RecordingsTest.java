package io.lull.lab.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import io.lull.policy.sim.Activity.Replay;
import io.lull.policy.sim.Workload;
import io.lull.schemas.file.RecordingWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of {@code lull record} become workloads, or are refused in one line. */
class RecordingsTest {
    private static final long MS = 1_000_000;
    private static final int EPOCH_MILLIS = 20;

    @TempDir
    Path folder;

    @Test
    void aRecordingIsReplayedUnderItsOwnName() throws IOException {
        List<Workload> workloads = Recordings.read(recorded(400, 20), "shop");

        assertThat(workloads).hasSize(1);
        Workload workload = workloads.get(0);
        assertThat(workload.name()).isEqualTo("shop");
        Replay replay = (Replay) workload.activities().get(0);
        // One request at the start of each epoch, of one client that then waits.
        assertThat(replay.waiting()).isTrue();
        assertThat(replay.course().requests()).isEqualTo(20);
        assertThat(replay.course().totalNanos()).isEqualTo(400 * MS);
    }

    @Test
    void aRecordingOfAnUnprotectedGuestIsRefusedInOneLine() throws IOException {
        Path file = recorded(400, 0);

        assertThatThrownBy(() -> Recordings.read(file, "shop"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("record a protected VM")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void whatIsNoRecordingIsRefusedInOneLine() throws IOException {
        Path file = Files.writeString(folder.resolve("shop.lullrec"), "no recording");

        assertThatThrownBy(() -> Recordings.read(file, "shop"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    private Path recorded(int samples, int reports) throws IOException {
        Path file = folder.resolve("shop.lullrec");
        try (RecordingWriter writer = new RecordingWriter(file)) {
            for (int i = 0; i < samples; i++) {
                writer.append(sample(i));
            }
            for (int i = 0; i < reports; i++) {
                writer.append(report(i));
            }
        }
        return file;
    }

    private static VmSample sample(int index) {
        int inEpoch = index % EPOCH_MILLIS;
        boolean asked = inEpoch == 1;
        boolean held = inEpoch >= 1;
        return new VmSample(
                new VmId("shop"),
                "host",
                1 + index / EPOCH_MILLIS,
                1_000L * (index + 1),
                MS,
                inEpoch * MS,
                List.of(new VcpuSample(0, 0, asked ? 300_000 : 10_000, 0)),
                DirtySource.NONE,
                new NetworkSample(
                        asked ? 1 : 0,
                        asked ? 500 : 0,
                        asked ? 1 : 0,
                        asked ? 200 : 0,
                        held ? 1 : 0,
                        held ? 500 : 0,
                        0),
                DiskSample.NONE,
                new TcpSample(1, 0, 0, 0, 0, 0),
                new HostSample(2, 1, false, 0, 0));
    }

    private static EpochReport report(int index) {
        return new EpochReport(
                new VmId("shop"),
                "host",
                index + 1,
                0,
                TriggerReason.INTERVAL,
                20_000L * (index + 1),
                19 * MS,
                new EpochReport.Pause(100_000, 400_000, 0, 0, 0),
                new EpochReport.Pages(400, 0, 0, 400, 0),
                List.of(),
                new EpochReport.Bytes(1_638_400, 9_000, 5_000, 1_000, 0),
                new EpochReport.Stages(1, 2, 3, 4, 5),
                new EpochReport.Held(1, 500, 20 * MS),
                new EpochReport.Trigger(1, 2, 0.5),
                "lz4",
                2);
    }
}
