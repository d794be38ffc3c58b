package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.page.PageDigest;
import io.lull.worker.page.PageHashTable;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageRange;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.Digest;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.Verified;
import io.lull.worker.ship.BackupLink;
import io.lull.worker.wire.Wired;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether the image is as the primary knows it is found out, and where it is not. */
@Timeout(60)
@ParameterizedClass
@EnumSource(Wired.class)
class VerifiedImageTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());

    @TempDir
    Path directory;

    private final SendingPrimary primary;

    VerifiedImageTest(Wired wired) {
        primary = new SendingPrimary(wired, SEED);
        System.out.println("VerifiedImageTest: -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        primary.close();
    }

    @Test
    void digestsTellWhetherTheImagesAgree() throws Exception {
        try (BackupUnderTest host = primary.backup(directory);
                BackupLink link = primary.connect(host, 1)) {
            link.layout(TestVm.LAYOUT, piece -> {});
            SendingPrimary.send(link, primary.vm.epoch(1));
            try (PageHashTable mine = primary.hashes()) {
                var right = mine.digest(new PageRange(0, 100));
                Digest.Range same = new Digest.Range(0, 100, right.high(), right.low());
                Digest.Range different = new Digest.Range(100, 100, right.high(), right.low());
                link.send(new Digest(List.of(same)).frame(1));
                link.send(new Digest(List.of(same, different)).frame(1));
                link.send(new Digest(List.of(same)).frame(0));
            }
            assertThat(BackupUnderTest.await(primary.verdicts, "verdict").result())
                    .isEqualTo(Verified.Result.SAME);
            assertThat(BackupUnderTest.await(primary.verdicts, "verdict"))
                    .isEqualTo(new Verified(Verified.Result.DIFFERENT, 100, 100));
            assertThat(BackupUnderTest.await(primary.verdicts, "verdict").result())
                    .isEqualTo(Verified.Result.STALE);
            assertThat(host.backup.status().verifiedPages()).isEqualTo(100);
        }
    }

    @Test
    void aBitThatFlipsInAPageThatNobodyWritesIsFoundAndTheNextHashesTellOfIt() throws Exception {
        int quiet = primary.vm.random.nextInt(TestVm.RAM_PAGES - 1);
        try (BackupUnderTest host = primary.backup(directory);
                PageHashTable mine = new PageHashTable(TestVm.PAGES, 42)) {
            try (BackupLink link = primary.connect(host, 1)) {
                link.layout(TestVm.LAYOUT, piece -> {}).get(10, TimeUnit.SECONDS);
                SendingPrimary.send(link, primary.vm.epoch(1));
                Frame digest = digest(1, mine);
                link.send(digest);
                assertThat(BackupUnderTest.await(primary.verdicts, "verdict").result())
                        .isEqualTo(Verified.Result.SAME);
                try (PageMemory image = PageMemory.openFile(directory.resolve("image.ram"), TestVm.PAGES)) {
                    flipBit(image, quiet);
                    flipBit(image, TestVm.RAM_PAGES - 1);
                }
                link.send(digest);
                assertThat(BackupUnderTest.await(primary.verdicts, "verdict"))
                        .isEqualTo(new Verified(Verified.Result.DIFFERENT, 0, TestVm.RAM_PAGES));
            }
            BackupUnderTest.await(host.losses, "end of the first session");
            try (BackupLink again = primary.connect(host, 2);
                    PageHashTable theirs = new PageHashTable(TestVm.PAGES, 42);
                    PageHashTable whole = primary.hashes()) {
                again.layout(TestVm.LAYOUT, p -> theirs.importFrom(p.hashes(), new PageRange(p.firstPage(), p.pages())))
                        .get(10, TimeUnit.SECONDS);
                assertThat(whole.differences(theirs, 0, 100))
                        .extracting(PageRange::endPage)
                        .contains(TestVm.RAM_PAGES)
                        .allMatch(end -> end == quiet + 1 || end == TestVm.RAM_PAGES);
            }
        }
    }

    private Frame digest(long epoch, PageHashTable table) {
        PageRange ram = new PageRange(0, TestVm.RAM_PAGES);
        try (PageWorkers workers = new PageWorkers(1, "test-digest")) {
            table.refresh(primary.vm.memory, ram, workers);
        }
        PageDigest right = table.digest(ram);
        return new Digest(List.of(new Digest.Range(0, ram.count(), right.high(), right.low()))).frame(epoch);
    }

    private void flipBit(PageMemory image, int page) {
        int at = primary.vm.random.nextInt(PageMemory.PAGE_BYTES);
        image.view(page).put(at, (byte) (image.view(page).get(at) ^ 1 << primary.vm.random.nextInt(8)));
    }
}
