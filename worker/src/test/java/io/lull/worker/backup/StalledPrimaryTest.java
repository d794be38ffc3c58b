package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.Handover;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.Refused;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A primary that stops reading in the middle of a long answer holds nothing up but that answer. */
@Timeout(60)
class StalledPrimaryTest {
    private static final long SILENCE_NANOS = 300_000_000;

    private final PageWorkers workers = new PageWorkers(2, "test-page");

    @TempDir
    Path directory;

    private final RedoBudget budget = new RedoBudget(0);
    private final ApplyLoop apply = new ApplyLoop();

    @Test
    void afterOneAnswerThatHadNoRoomTheRestIsNotWaitedFor() throws Exception {
        try (ServerSocketChannel server =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel socket = SocketChannel.open(server.getLocalAddress())) {
            // Never started: it is as if its writer waited for the peer for ever.
            BackupSession session = new BackupSession(parts(), Wiring.UNSAFE_PLAINTEXT.over(socket), "stalled");
            for (int i = 0; i < Outbox.MAX_LARGE_FRAMES; i++) {
                session.answer(Frame.control(FrameType.HEARTBEAT, 0), true);
            }
            long sinceNanos = System.nanoTime();
            for (int i = 0; i < 40; i++) {
                session.answer(Frame.control(FrameType.HEARTBEAT, 0), true);
            }
            assertThat(System.nanoTime() - sinceNanos).isBetween(SILENCE_NANOS, 10 * SILENCE_NANOS);
            assertThat(session.ends(LossKind.BYE, "too late"))
                    .as("it ended of its silence")
                    .isFalse();
        } finally {
            apply.close();
        }
    }

    @Test
    void aConnectionThatEndsInTheMiddleOfALongAnswerIsNoSilence() throws Exception {
        try (ServerSocketChannel server =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel socket = SocketChannel.open(server.getLocalAddress())) {
            Outbox outbox = new Outbox(Wiring.UNSAFE_PLAINTEXT.over(socket), SILENCE_NANOS, why -> {});
            socket.close();
            outbox.start();

            for (int i = 0; i < 2 * Outbox.MAX_FRAMES; i++) {
                assertThat(outbox.offer(Frame.control(FrameType.HEARTBEAT, 0), 30_000_000_000L))
                        .isTrue();
            }
        }
    }

    @Test
    void aBugOfTheWritersIsTold() throws Exception {
        try (SocketChannel unconnected = SocketChannel.open()) {
            CompletableFuture<String> bug = new CompletableFuture<>();
            Outbox outbox = new Outbox(Wiring.UNSAFE_PLAINTEXT.over(unconnected), SILENCE_NANOS, bug::complete);
            outbox.start();
            outbox.offer(Frame.control(FrameType.HEARTBEAT, 0));

            assertThat(bug.get(20, TimeUnit.SECONDS)).contains("NotYetConnected");
        }
    }

    private SessionParts parts() throws IOException {
        BackupOptions.Store store = BackupOptions.Store.defaults(directory, Optional.empty());
        BackupOptions.Timing timing = new BackupOptions.Timing(1_000_000_000L, 50_000_000L, SILENCE_NANOS);
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        KeptStore kept = KeptStore.open(
                new KeptPlace(directory, TestVm.ID, Optional.empty()),
                Resumption.Note.NONE,
                new SlabPool(1 << 20, new SlabStock(1 << 20)),
                workers);
        Committer committer = new Committer(
                kept, Optional.empty(), budget, workers, image -> Optional.empty(), new BackupListener() {});
        return new SessionParts(
                new BackupOptions(TestVm.ID, any, store, FailoverMode.MANUAL, timing),
                new NoHost(),
                apply,
                committer,
                kept.slots(),
                budget,
                workers.turns(),
                System::nanoTime);
    }

    private static final class NoHost implements SessionHost {
        @Override
        public Optional<Refused> admit(BackupSession session, Hello hello) {
            return Optional.empty();
        }

        @Override
        public Optional<String> takeOver(BackupSession session, Handover handover) {
            return Optional.empty();
        }

        @Override
        public void ended(BackupSession session, LossKind kind, String why) {}

        @Override
        public void closed(BackupSession session) {}
    }
}
