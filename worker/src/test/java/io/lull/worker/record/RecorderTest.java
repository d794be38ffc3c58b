package io.lull.worker.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.TriggerReason;
import io.lull.schemas.file.Recording;
import io.lull.schemas.file.RecordingFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
    @TempDir
    Path folder;

    @Test
    void whatItTookIsInTheFileOnceItIsFinished() throws IOException {
        Path file = folder.resolve("a.lullrec");
        try (Recorder recorder = new Recorder(file)) {
            recorder.take(Values.sample(17));
            recorder.take(Values.report(3, 0, TriggerReason.INTERVAL, 18));
            recorder.rejected();
            assertThat(file).doesNotExist();
            RecordedCounts counts = recorder.finish();
            assertThat(counts).isEqualTo(new RecordedCounts(1, 1, Files.size(file), 1));
            assertThat(counts.toString()).contains("1 samples, 1 reports").contains("1 unreadable");
        }
        assertThat(RecordingFile.read(file))
                .isEqualTo(new Recording(
                        List.of(Values.sample(17)), List.of(Values.report(3, 0, TriggerReason.INTERVAL, 18))));
        assertNothingButTheFile(1);
    }

    @Test
    void oneThatIsNotFinishedLeavesNothingAndKeepsTheFileThatWasThere() throws IOException {
        Path file = Files.writeString(folder.resolve("a.lullrec"), "before");
        try (Recorder recorder = new Recorder(file)) {
            recorder.take(Values.sample(17));
        }
        assertThat(file).hasContent("before");
        assertNothingButTheFile(1);
    }

    @Test
    void itEndsAtItsLimitAndTakesNoMore() throws Exception {
        Path file = folder.resolve("a.lullrec");
        try (Recorder recorder = new Recorder(file, 2)) {
            recorder.take(Values.sample(1));
            assertThat(recorder.awaitFull(0)).isFalse();
            recorder.take(Values.sample(2));
            assertThat(recorder.awaitFull(0)).isTrue();
            recorder.take(Values.sample(3));
            assertThat(recorder.finish().samples()).isEqualTo(2);
        }
        assertThat(RecordingFile.read(file).samples()).containsExactly(Values.sample(1), Values.sample(2));
    }

    private void assertNothingButTheFile(int files) throws IOException {
        try (var entries = Files.list(folder)) {
            assertThat(entries).hasSize(files);
        }
    }
}
