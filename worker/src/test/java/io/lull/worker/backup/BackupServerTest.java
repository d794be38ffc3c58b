package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.qemu.Await;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bug in what is made of one connection is the end of that one alone. */
@Timeout(60)
class BackupServerTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    Path directory;

    @Test
    void connectionsAreAcceptedAfterOneForWhichNoSessionCouldBeMade() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        BackupServer server = new BackupServer(
                ANY,
                socket -> {
                    if (asked.getAndIncrement() == 0) {
                        throw new IllegalStateException("a bug");
                    }
                    throw new OutOfMemoryError("unable to create native thread");
                },
                (peer, why) -> {});
        try (server) {
            server.start(BackupOptions.Timing.DEFAULT, () -> {});
            for (int i = 0; i < 3; i++) {
                assertDropped(server.address());
            }
        }
        assertThat(asked).hasValue(3);
    }

    private static void assertDropped(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(10_000);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aBugAtTheEndOfAConnectionKeepsNobodysPlace() throws Exception {
        AtomicInteger dropped = new AtomicInteger();
        BackupListener buggy = new BackupListener() {
            @Override
            public void connectionDropped(String why) {
                dropped.incrementAndGet();
                throw new IllegalStateException("a bug");
            }
        };
        BackupOptions.Store store = new BackupOptions.Store(directory, Optional.empty(), false, 1L << 30, 2 << 20);
        BackupOptions options =
                new BackupOptions(TestVm.ID, ANY, store, FailoverMode.MANUAL, BackupOptions.Timing.DEFAULT);
        BackupParts parts = new BackupParts(
                Wiring.UNSAFE_PLAINTEXT, Optional.empty(), StandbyOptions.DEFAULT, Optional.empty(), buggy);
        try (Backup backup = Backup.start(options, parts, System::nanoTime)) {
            InetSocketAddress address = backup.address();
            for (int i = 1; i <= BackupServer.MAX_CONNECTIONS + 1; i++) {
                new Socket(address.getAddress(), address.getPort()).close();
                int so = i;
                Await.until("a connection was dropped", () -> dropped.get() >= so);
            }
            try (RawPrimary primary = new RawPrimary(address)) {
                primary.send(TestVm.hello(1, OnBackupLoss.HOLD_OUTPUT).frame());
                // This backup has no disk.
                assertThat(primary.await(FrameType.REFUSED)).isNotNull();
            }
        }
    }
}
