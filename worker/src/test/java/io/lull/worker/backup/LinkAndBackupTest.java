package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.page.PageHashTable;
import io.lull.worker.page.PageRange;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.RamBlock;
import io.lull.worker.protocol.RefusalReason;
import io.lull.worker.ship.BackupLink;
import io.lull.worker.ship.RefusedException;
import io.lull.worker.wire.Wired;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is sent over a link is committed, and who may have one. */
@Timeout(60)
@ParameterizedClass
@EnumSource(Wired.class)
class LinkAndBackupTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final int SENDERS = 3;

    @TempDir
    Path directory;

    private final SendingPrimary primary;

    LinkAndBackupTest(Wired wired) {
        primary = new SendingPrimary(wired, SEED);
        System.out.println("LinkAndBackupTest: -Dlull.seed=" + SEED);
    }

    @AfterEach
    void stop() {
        primary.close();
    }

    @Test
    void everyEpochThatManyThreadsSendIsCommittedAsItWas() throws Exception {
        try (BackupUnderTest host = primary.backup(directory);
                BackupLink link = primary.connect(host, 10)) {
            assertThat(link.welcome().lastCommittedEpoch()).isEqualTo(OptionalLong.empty());
            link.layout(TestVm.LAYOUT, piece -> {}).get(10, TimeUnit.SECONDS);
            for (long epoch = 10; epoch < 30; epoch++) {
                List<Frame> frames = primary.vm.epoch(epoch);
                sendByManyThreads(link, frames);
                assertThat(BackupUnderTest.await(primary.acks, "ack")).isEqualTo(epoch);
                BackupUnderTest.Commit commit = host.awaitCommit();
                assertThat(commit.epoch()).isEqualTo(epoch);
                assertThat(commit.image()).isEqualTo(primary.vm.snapshot());
                assertThat(commit.received()).isEqualTo(received(frames));
                assertThat(commit.received().frameBytes()).isEqualTo(RawPrimary.bytes(frames).length);
            }
            assertThat(java.nio.file.Files.readAllBytes(host.disk)).isEqualTo(primary.vm.disk);
            assertThat(link.sentBytes()).isGreaterThan(1 << 20);
            assertThat(link.bytesPerSecond()).isPresent();
            link.close("test over");
            assertThat(BackupUnderTest.await(primary.lost, "loss")).isEqualTo(LossKind.CLOSED_HERE);
            assertThat(BackupUnderTest.await(host.losses, "loss")).isEqualTo(LossKind.BYE);
            assertThat(link.send(primary.vm.epoch(99).get(0))).isFalse();
        }
        assertThat(primary.lost).as("onLost is called once").isEmpty();
    }

    @Test
    void anErrorOfWhoeverListensLosesTheLinkAndLeavesNobodyWaiting() throws Exception {
        primary.atAck = () -> {
            throw new OutOfMemoryError("says the test");
        };
        try (BackupUnderTest host = primary.backup(directory);
                BackupLink link = primary.connect(host, 1)) {
            link.layout(TestVm.LAYOUT, piece -> {}).get(10, TimeUnit.SECONDS);
            SendingPrimary.send(link, primary.vm.epoch(1));

            assertThat(BackupUnderTest.await(primary.lost, "loss")).isEqualTo(LossKind.CLOSED_HERE);
            assertThat(link.isLost()).isTrue();
            assertThat(link.send(primary.vm.epoch(2).get(0)))
                    .as("dropped, and nobody waits for room")
                    .isFalse();
            BackupUnderTest.await(host.losses, "loss");
        }
    }

    @Test
    void theNextEpochMayBeSentBeforeTheLastOneEnds() throws Exception {
        try (BackupUnderTest host = primary.backup(directory);
                BackupLink link = primary.connect(host, 1)) {
            link.layout(TestVm.LAYOUT, piece -> {});
            List<Frame> first = primary.vm.epoch(1);
            byte[] afterFirst = primary.vm.snapshot();
            List<Frame> second = primary.vm.epoch(2);
            SendingPrimary.send(link, second.subList(0, second.size() - 1));
            SendingPrimary.send(link, first);
            SendingPrimary.send(link, second.subList(second.size() - 1, second.size()));

            assertThat(host.awaitCommit().image()).isEqualTo(afterFirst);
            assertThat(host.awaitCommit().image()).isEqualTo(primary.vm.snapshot());
        }
    }

    @Test
    void aReconnectFindsTheImageAndItsHashesAsTheyWere() throws Exception {
        try (BackupUnderTest host = primary.backup(directory)) {
            try (BackupLink link = primary.connect(host, 1)) {
                link.layout(TestVm.LAYOUT, piece -> {});
                SendingPrimary.send(link, primary.vm.epoch(1));
                host.awaitCommit();
            }
            BackupUnderTest.await(host.losses, "end of the first session");
            try (BackupLink again = primary.connect(host, 2);
                    PageHashTable theirs = new PageHashTable(TestVm.PAGES, 42);
                    PageHashTable mine = primary.hashes()) {
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
        try (BackupUnderTest host = primary.backup(directory)) {
            try (BackupLink link = primary.connect(host, 1)) {
                link.layout(TestVm.LAYOUT, piece -> {});
                SendingPrimary.send(link, primary.vm.epoch(1));
                host.awaitCommit();
            }
            BackupUnderTest.await(host.losses, "end of the first session");
            try (BackupLink again = primary.connect(host, 2)) {
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
    void aSecondPrimaryIsRefusedAndHeartbeatsKeepTheFirst() throws Exception {
        try (BackupUnderTest host = primary.backup(directory);
                BackupLink link = primary.connect(host, 1)) {
            assertThatThrownBy(() -> primary.connect(host, 1))
                    .isInstanceOfSatisfying(
                            RefusedException.class, e -> assertThat(e.reason()).isEqualTo(RefusalReason.BUSY));
            // Longer than both silence limits: only heartbeats flow.
            assertThat(primary.lost.poll(2500, TimeUnit.MILLISECONDS)).isNull();
            assertThat(link.isLost()).isFalse();
        }
    }

    @Test
    void aBackupThatGoesAwayIsReportedOnce() throws Exception {
        BackupUnderTest host = primary.backup(directory);
        try (BackupLink link = primary.connect(host, 1)) {
            host.close();
            assertThat(BackupUnderTest.await(primary.lost, "loss"))
                    .isIn(LossKind.BYE, LossKind.END_OF_STREAM, LossKind.RESET);
            assertThat(link.send(primary.vm.epoch(1).get(0))).isFalse();
        }
        assertThat(primary.lost).isEmpty();
    }

    private static Received received(List<Frame> epoch) {
        List<Frame> records = epoch.subList(0, epoch.size() - 1);
        return new Received(
                records.size(),
                records.stream().mapToLong(f -> f.header().pages()).sum(),
                records.stream().mapToLong(f -> f.payload().remaining()).sum());
    }

    private void sendByManyThreads(BackupLink link, List<Frame> epoch) throws Exception {
        List<Frame> records = new ArrayList<>(epoch.subList(0, epoch.size() - 1));
        Collections.shuffle(records, primary.vm.random);
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
        SendingPrimary.send(link, epoch.subList(epoch.size() - 1, epoch.size()));
    }

    private static void sendQuietly(BackupLink link, Frame frame) {
        try {
            assertThat(link.send(frame)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
