package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.page.PageHashTable;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.Verified;
import io.lull.worker.ship.BackupLink;
import io.lull.worker.ship.LinkListener;
import io.lull.worker.ship.LinkOptions;
import io.lull.worker.wire.Wired;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A primary's end of links to a backup: the VM whose epochs it sends, and what it hears. */
final class SendingPrimary implements LinkListener, AutoCloseable {
    final TestVm vm;
    final BlockingQueue<Long> acks = new LinkedBlockingQueue<>();
    final BlockingQueue<Verified> verdicts = new LinkedBlockingQueue<>();
    final BlockingQueue<LossKind> lost = new LinkedBlockingQueue<>();
    /** What it does when it hears of an acknowledgement, before it notes it. */
    volatile Runnable atAck = () -> {};

    private final Wired wired;

    SendingPrimary(Wired wired, long seed) {
        this.wired = wired;
        this.vm = new TestVm(seed);
    }

    @Override
    public void onAck(long epoch) {
        atAck.run();
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

    /** The other end. */
    BackupUnderTest backup(Path directory) throws IOException {
        return BackupUnderTest.manual(directory, wired.backup());
    }

    BackupLink connect(BackupUnderTest host, long firstEpoch) throws Exception {
        LinkOptions options = new LinkOptions(
                host.backup.address(), 1 << 20, 5_000_000_000L, 50_000_000L, 2_000_000_000L, OptionalLong.empty());
        return BackupLink.connect(options, wired.primary(), TestVm.hello(firstEpoch, OnBackupLoss.HOLD_OUTPUT), this);
    }

    static void send(BackupLink link, List<Frame> frames) throws InterruptedException {
        for (Frame frame : frames) {
            assertThat(link.send(frame)).isTrue();
        }
    }

    /** Of the VM's pages as they are. */
    PageHashTable hashes() {
        PageHashTable table = new PageHashTable(TestVm.PAGES, 42);
        table.markAll();
        try (PageWorkers workers = new PageWorkers(1, "test-hash")) {
            table.refresh(vm.memory, workers);
        }
        return table;
    }

    @Override
    public void close() {
        vm.close();
    }
}
