package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.page.PageDigest;
import io.lull.worker.page.PageHashTable;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageRange;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.Digest;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.RamBlock;
import io.lull.worker.protocol.RefusalReason;
import io.lull.worker.protocol.Verified;
import io.lull.worker.ship.BackupLink;
import io.lull.worker.ship.LinkListener;
import io.lull.worker.ship.LinkOptions;
import io.lull.worker.ship.RefusedException;
import io.lull.worker.wire.Wired;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ParameterizedClass
@EnumSource(Wired.class)
class LinkAndBackupTest implements LinkListener {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final int SENDERS = 3;

    @TempDir
    Path directory;

    private final TestVm vm = new TestVm(SEED);
    private final BlockingQueue<Long> acks = new LinkedBlockingQueue<>();
    private final BlockingQueue<Verified> verdicts = new LinkedBlockingQueue<>();
    private final BlockingQueue<LossKind> lost = new LinkedBlockingQueue<>();

    private final Wired wired;

    LinkAndBackupTest(Wired wired) {
        this.wired = wired;
        System.out.println("LinkAndBackupTest: -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    @Override
    public void onAck(long epoch) {
        acks.add(epoch);
    }

    @Override
    public void onVerified(long epoch, Verified verified) {
        verdicts.add(verified);
    }

    @Override
    public void onLost(LossKind kind, String why) {
        lost.add(kind);
    }

    @Test
    void everyEpochThatManyThreadsSendIsCommittedAsItWas() throws Exception {
        try (BackupUnderTest host = BackupUnderTest.manual(directory, wired.backup());
                BackupLink link = connect(host, 10)) {
            assertThat(link.welcome().lastCommittedEpoch()).isEqualTo(OptionalLong.empty());
            link.layout(TestVm.LAYOUT, piece -> {}).get(10, TimeUnit.SECONDS);
            for (long epoch = 10; epoch < 30; epoch++) {
                List<Frame> frames = vm.epoch(epoch);
                sendByManyThreads(link, frames);
                assertThat(BackupUnderTest.await(acks, "ack")).isEqualTo(epoch);
                BackupUnderTest.Commit commit = host.awaitCommit();
                assertThat(commit.epoch()).isEqualTo(epoch);
                assertThat(commit.image()).isEqualTo(vm.snapshot());
                assertThat(commit.received()).isEqualTo(received(frames));
                assertThat(commit.received().frameBytes()).isEqualTo(RawPrimary.bytes(frames).length);
            }
            assertThat(java.nio.file.Files.readAllBytes(host.disk)).isEqualTo(vm.disk);
            assertThat(link.sentBytes()).isGreaterThan(1 << 20);
            assertThat(link.bytesPerSecond()).isPresent();
            link.close("test over");
            assertThat(BackupUnderTest.await(lost, "loss")).isEqualTo(LossKind.CLOSED_HERE);
            assertThat(BackupUnderTest.await(host.losses, "loss")).isEqualTo(LossKind.BYE);
            assertThat(link.send(vm.epoch(99).get(0))).isFalse();
        }
        assertThat(lost).as("onLost is called once").isEmpty();
    }

    @Test
    void theNextEpochMayBeSentBeforeTheLastOneEnds() throws Exception {
        try (BackupUnderTest host = BackupUnderTest.manual(directory, wired.backup());
                BackupLink link = connect(host, 1)) {
            link.layout(TestVm.LAYOUT, piece -> {});
            List<Frame> first = vm.epoch(1);
            byte[] afterFirst = vm.snapshot();
            List<Frame> second = vm.epoch(2);
            send(link, second.subList(0, second.size() - 1));
            send(link, first);
            send(link, second.subList(second.size() - 1, second.size()));

            assertThat(host.awaitCommit().image()).isEqualTo(afterFirst);
            assertThat(host.awaitCommit().image()).isEqualTo(vm.snapshot());
        }
    }

    @Test
    void aReconnectFindsTheImageAndItsHashesAsTheyWere() throws Exception {
        try (BackupUnderTest host = BackupUnderTest.manual(directory, wired.backup())) {
            try (BackupLink link = connect(host, 1)) {
                link.layout(TestVm.LAYOUT, piece -> {});
                send(link, vm.epoch(1));
                host.awaitCommit();
            }
            BackupUnderTest.await(host.losses, "end of the first session");
            try (BackupLink again = connect(host, 2);
                    PageHashTable theirs = new PageHashTable(TestVm.PAGES, 42);
                    PageHashTable mine = hashes()) {
                assertThat(again.welcome().lastCommittedEpoch()).hasValue(1);
                again.layout(TestVm.LAYOUT, p -> theirs.importFrom(p.hashes(), new PageRange(p.firstPage(), p.pages())))
                        .get(10, TimeUnit.SECONDS);
                assertThat(mine.differences(theirs, 0, 100)).isEmpty();
            }
        }
    }

    @Test
    void anotherLayoutStartsFromZeroPages() throws Exception {
        Layout smaller = new Layout(
                3,
                TestVm.LAYOUT.configuration(),
                List.of(new RamBlock("pc.ram", 4096 * 10), new RamBlock(Layout.DEVICE_STATE_BLOCK, 1 << 20)));
        try (BackupUnderTest host = BackupUnderTest.manual(directory, wired.backup())) {
            try (BackupLink link = connect(host, 1)) {
                link.layout(TestVm.LAYOUT, piece -> {});
                send(link, vm.epoch(1));
                host.awaitCommit();
            }
            BackupUnderTest.await(host.losses, "end of the first session");
            try (BackupLink again = connect(host, 2)) {
                again.layout(smaller, piece -> {}).get(10, TimeUnit.SECONDS);
                assertThat(host.backup.status().committedEpoch())
                        .as("the old image counts until the new one's first commit")
                        .hasValue(1);
                assertThat(BackupUnderTest.pages(directory.resolve("image.next.ram")))
                        .isEqualTo(new byte[(10 + 256) * 4096]);
            }
        }
    }

    @Test
    void digestsTellWhetherTheImagesAgree() throws Exception {
        try (BackupUnderTest host = BackupUnderTest.manual(directory, wired.backup());
                BackupLink link = connect(host, 1)) {
            link.layout(TestVm.LAYOUT, piece -> {});
            send(link, vm.epoch(1));
            try (PageHashTable mine = hashes()) {
                var right = mine.digest(new PageRange(0, 100));
                Digest.Range same = new Digest.Range(0, 100, right.high(), right.low());
                Digest.Range different = new Digest.Range(100, 100, right.high(), right.low());
                link.send(new Digest(List.of(same)).frame(1));
                link.send(new Digest(List.of(same, different)).frame(1));
                link.send(new Digest(List.of(same)).frame(0));
            }
            assertThat(BackupUnderTest.await(verdicts, "verdict").result()).isEqualTo(Verified.Result.SAME);
            assertThat(BackupUnderTest.await(verdicts, "verdict"))
                    .isEqualTo(new Verified(Verified.Result.DIFFERENT, 100, 100));
            assertThat(BackupUnderTest.await(verdicts, "verdict").result()).isEqualTo(Verified.Result.STALE);
        }
    }

    @Test
    void aBitThatFlipsInAPageThatNobodyWritesIsFoundAndTheNextHashesTellOfIt() throws Exception {
        int quiet = vm.random.nextInt(TestVm.RAM_PAGES - 1);
        try (BackupUnderTest host = BackupUnderTest.manual(directory, wired.backup());
                PageHashTable mine = new PageHashTable(TestVm.PAGES, 42)) {
            try (BackupLink link = connect(host, 1)) {
                link.layout(TestVm.LAYOUT, piece -> {}).get(10, TimeUnit.SECONDS);
                send(link, vm.epoch(1));
                Frame digest = digest(1, mine);
                link.send(digest);
                assertThat(BackupUnderTest.await(verdicts, "verdict").result()).isEqualTo(Verified.Result.SAME);
                try (PageMemory image = PageMemory.openFile(directory.resolve("image.ram"), TestVm.PAGES)) {
                    flipBit(image, quiet);
                    flipBit(image, TestVm.RAM_PAGES - 1);
                }
                link.send(digest);
                assertThat(BackupUnderTest.await(verdicts, "verdict"))
                        .isEqualTo(new Verified(Verified.Result.DIFFERENT, 0, TestVm.RAM_PAGES));
            }
            BackupUnderTest.await(host.losses, "end of the first session");
            try (BackupLink again = connect(host, 2);
                    PageHashTable theirs = new PageHashTable(TestVm.PAGES, 42);
                    PageHashTable whole = hashes()) {
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
            table.refresh(vm.memory, ram, workers);
        }
        PageDigest right = table.digest(ram);
        return new Digest(List.of(new Digest.Range(0, ram.count(), right.high(), right.low()))).frame(epoch);
    }

    private void flipBit(PageMemory image, int page) {
        int at = vm.random.nextInt(PageMemory.PAGE_BYTES);
        image.view(page).put(at, (byte) (image.view(page).get(at) ^ 1 << vm.random.nextInt(8)));
    }

    @Test
    void aSecondPrimaryIsRefusedAndHeartbeatsKeepTheFirst() throws Exception {
        try (BackupUnderTest host = BackupUnderTest.manual(directory, wired.backup());
                BackupLink link = connect(host, 1)) {
            assertThatThrownBy(() -> connect(host, 1))
                    .isInstanceOfSatisfying(
                            RefusedException.class, e -> assertThat(e.reason()).isEqualTo(RefusalReason.BUSY));
            // Longer than both silence limits: only heartbeats flow.
            assertThat(lost.poll(2500, TimeUnit.MILLISECONDS)).isNull();
            assertThat(link.isLost()).isFalse();
        }
    }

    @Test
    void aBackupThatGoesAwayIsReportedOnce() throws Exception {
        BackupUnderTest host = BackupUnderTest.manual(directory, wired.backup());
        try (BackupLink link = connect(host, 1)) {
            host.close();
            assertThat(BackupUnderTest.await(lost, "loss")).isIn(LossKind.BYE, LossKind.END_OF_STREAM, LossKind.RESET);
            assertThat(link.send(vm.epoch(1).get(0))).isFalse();
        }
        assertThat(lost).isEmpty();
    }

    private static Received received(List<Frame> epoch) {
        List<Frame> records = epoch.subList(0, epoch.size() - 1);
        return new Received(
                records.size(),
                records.stream().mapToLong(f -> f.header().pages()).sum(),
                records.stream().mapToLong(f -> f.payload().remaining()).sum());
    }

    private PageHashTable hashes() {
        PageHashTable table = new PageHashTable(TestVm.PAGES, 42);
        table.markAll();
        try (PageWorkers workers = new PageWorkers(1, "test-hash")) {
            table.refresh(vm.memory, workers);
        }
        return table;
    }

    private BackupLink connect(BackupUnderTest host, long firstEpoch) throws Exception {
        LinkOptions options = new LinkOptions(
                host.backup.address(), 1 << 20, 5_000_000_000L, 50_000_000L, 2_000_000_000L, OptionalLong.empty());
        return BackupLink.connect(options, wired.primary(), TestVm.hello(firstEpoch, OnBackupLoss.HOLD_OUTPUT), this);
    }

    private static void send(BackupLink link, List<Frame> frames) throws InterruptedException {
        for (Frame frame : frames) {
            assertThat(link.send(frame)).isTrue();
        }
    }

    private void sendByManyThreads(BackupLink link, List<Frame> epoch) throws Exception {
        List<Frame> records = new ArrayList<>(epoch.subList(0, epoch.size() - 1));
        Collections.shuffle(records, vm.random);
        List<CompletableFuture<Void>> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            int sender = i;
            senders.add(CompletableFuture.runAsync(() -> {
                for (int at = sender; at < records.size(); at += SENDERS) {
                    sendQuietly(link, records.get(at));
                }
            }));
        }
        CompletableFuture.allOf(senders.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
        send(link, epoch.subList(epoch.size() - 1, epoch.size()));
    }

    private static void sendQuietly(BackupLink link, Frame frame) {
        try {
            assertThat(link.send(frame)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
