package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.Verified;
import io.lull.worker.ship.BackupLink;
import io.lull.worker.ship.LinkListener;
import io.lull.worker.ship.LinkOptions;
import io.lull.worker.wire.Wired;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A backup over TLS, and the session of a primary that has committed an epoch. */
final class LiveSession implements LinkListener, AutoCloseable {
    private final TestVm vm;
    private final BlockingQueue<Long> acks = new LinkedBlockingQueue<>();

    final BackupUnderTest host;
    /** Ends of links, each a kind and a reason. */
    final BlockingQueue<String> lost = new LinkedBlockingQueue<>();

    BackupLink link;
    /** The next that will be shipped. */
    long epoch = 1;

    LiveSession(Path directory, long seed) throws Exception {
        vm = new TestVm(seed);
        host = BackupUnderTest.manual(directory, Wired.TLS.backup());
        link = connect(host.backup.address(), Wired.TLS.primary());
        link.layout(TestVm.LAYOUT, piece -> {}).get(20, TimeUnit.SECONDS);
        commitOne();
    }

    @Override
    public void onAck(long acknowledged) {
        acks.add(acknowledged);
    }

    @Override
    public void onVerified(long verifiedEpoch, Verified verified) {}

    @Override
    public void onLost(LossKind kind, String why) {
        lost.add(kind + ": " + why);
    }

    BackupLink connect(InetSocketAddress backup, Wiring wiring) throws IOException {
        LinkOptions options =
                new LinkOptions(backup, 1 << 20, 2_000_000_000L, 50_000_000L, 2_000_000_000L, OptionalLong.empty());
        return BackupLink.connect(options, wiring, TestVm.hello(1, OnBackupLoss.HOLD_OUTPUT), this);
    }

    void commitOne() throws Exception {
        for (Frame frame : vm.epoch(epoch)) {
            assertThat(link.send(frame)).isTrue();
        }
        assertThat(BackupUnderTest.await(acks, "ack")).isEqualTo(epoch);
        assertThat(host.awaitCommit().image()).isEqualTo(vm.snapshot());
        epoch++;
    }

    /** Why the next connection that ends did. */
    String ending() throws InterruptedException {
        return BackupUnderTest.await(host.endings, "end of a connection");
    }

    @Override
    public void close() throws IOException {
        link.close("test over");
        host.close();
        vm.close();
    }
}
