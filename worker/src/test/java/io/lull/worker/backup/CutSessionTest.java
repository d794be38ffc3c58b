package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.OnBackupLoss;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class CutSessionTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final int EPOCHS = 3;

    @TempDir
    Path directory;

    /** A recorded session, and what the backup must hold after the first {@code n} epochs. */
    private final List<Frame> frames = new ArrayList<>();

    private final List<byte[]> images = new ArrayList<>();
    private final List<byte[]> disks = new ArrayList<>();

    @Test
    void theImageIsTheLastCompleteEpochWhereverTheConnectionIsCut() throws Exception {
        System.out.println("CutSessionTest: -Dlull.seed=" + SEED);
        record();
        byte[] bytes = RawPrimary.bytes(frames);
        int at = 0;
        int complete = 0;
        for (int i = 0; i < frames.size(); i++) {
            int length = FrameHeader.BYTES + frames.get(i).payload().remaining();
            cutAt(bytes, at + length / 2, i, complete, "mid");
            at += length;
            complete += frames.get(i).header().type() == FrameType.EPOCH_END ? 1 : 0;
            cutAt(bytes, at, i, complete, "end");
        }
        assertThat(complete).isEqualTo(EPOCHS);
    }

    private void record() {
        try (TestVm vm = new TestVm(SEED)) {
            frames.add(TestVm.hello(1, OnBackupLoss.HOLD_OUTPUT).frame());
            frames.add(TestVm.LAYOUT.frame());
            images.add(vm.snapshot());
            disks.add(vm.disk.clone());
            for (int epoch = 1; epoch <= EPOCHS; epoch++) {
                frames.addAll(vm.epoch(epoch));
                images.add(vm.snapshot());
                disks.add(vm.disk.clone());
            }
        }
    }

    private void cutAt(byte[] bytes, int end, int frame, int complete, String where) throws Exception {
        String cut = where + " of frame " + frame + " " + frames.get(frame).header();
        Path own = Files.createDirectory(directory.resolve("cut-" + frame + "-" + where));
        OptionalLong committed;
        try (BackupUnderTest host = BackupUnderTest.plain(own);
                RawPrimary primary = new RawPrimary(host.backup.address())) {
            primary.write(bytes, 0, end);
            primary.endOfStream();
            while (primary.next().isPresent()) {
                // Answers are read, as a live primary would.
            }
            for (int i = 0; i < complete; i++) {
                assertThat(host.awaitCommit().image()).as(cut).isEqualTo(images.get(i + 1));
            }
            committed = host.backup.status().committedEpoch();
            host.close();
            assertThat(host.commits).as(cut).isEmpty();
        }
        assertThat(committed).as(cut).isEqualTo(complete == 0 ? OptionalLong.empty() : OptionalLong.of(complete));
        if (Files.exists(own.resolve("image.ram"))) {
            assertThat(BackupUnderTest.pages(own.resolve("image.ram"))).as(cut).isEqualTo(images.get(complete));
        }
        assertThat(Files.readAllBytes(own.resolve("disk.raw"))).as(cut).isEqualTo(disks.get(complete));
        assertThat(own.toFile().list())
                .as("no redo log is left")
                .isSubsetOf("image.ram", "disk.raw", CommitStateFile.NAME, OwnedStore.LOCK);
    }
}
