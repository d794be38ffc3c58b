package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.wire.Wired;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Slow and many peers that prove nothing, beside a session that goes on or a primary that comes. */
@Timeout(120)
class CrowdedBackupTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    /** For a busy machine. */
    private static final long SLACK_NANOS = 20_000_000_000L;

    @TempDir
    Path directory;

    private LiveSession session;

    @BeforeEach
    void protect() throws Exception {
        System.out.println("CrowdedBackupTest: -Dlull.seed=" + SEED);
        session = new LiveSession(directory, SEED);
    }

    @AfterEach
    void stop() throws IOException {
        session.close();
    }

    @Test
    void aPeerThatNeverFinishesItsHandshakeIsDroppedAtTheLimitHoweverBusyItIs() throws Exception {
        try (Socket slow = new Socket(
                InetAddress.getLoopbackAddress(), session.host.backup.address().getPort())) {
            // The head of a record of 16 KiB, and then its bytes one by one.
            slow.getOutputStream().write(new byte[] {22, 3, 1, 0x40, 0, 1, 0, 0x3f, (byte) 0xfc});
            slow.setSoTimeout(20);
            long sinceNanos = System.nanoTime();
            while (alive(slow)) {
                assertThat(System.nanoTime() - sinceNanos)
                        .isLessThan(BackupUnderTest.HANDSHAKE_LIMIT_NANOS + SLACK_NANOS);
            }
        }
        assertThat(session.ending()).contains("no HELLO within the handshake limit");
        session.commitOne();
    }

    private static boolean alive(Socket slow) throws IOException {
        try {
            slow.getOutputStream().write(0);
            InputStream in = slow.getInputStream();
            int first = in.read();
            assertThat(first).as("no byte but an alert's").isIn(-1, 21);
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException dropped) {
            return false;
        }
    }

    @Test
    void peersThatProveNothingAreFewAtATime() throws Exception {
        int crowd = 3 * BackupServer.MAX_CONNECTIONS;
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < crowd; i++) {
                idle.add(strangerFrom("127.0.0.1"));
            }
            // One place is the session's, and one is kept.
            int dropped = crowd - BackupServer.MAX_CONNECTIONS + 2;
            int crowdedOut = 0;
            for (int i = 0; i < dropped; i++) {
                String why = session.ending();
                // On a machine that stands still meanwhile, some have their time before they are too many.
                assertThat(why)
                        .matches("it has proven nothing and others wait|more than 8 connections"
                                + "|no HELLO within the handshake limit");
                crowdedOut += why.contains("handshake limit") ? 0 : 1;
            }
            assertThat(crowdedOut).isGreaterThanOrEqualTo(dropped / 2);
            session.commitOne();
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void aCrowdThatProvesNothingKeepsNoPrimaryOut() throws Exception {
        session.link.close("make room");
        AtomicBoolean over = new AtomicBoolean();
        Thread crowd = new Thread(() -> crowdIn(over));
        crowd.start();
        try {
            // So that the crowd has all that it can have.
            for (int i = 0; i < 2 * BackupServer.MAX_CONNECTIONS; i++) {
                session.ending();
            }
            greet();
        } finally {
            over.set(true);
            crowd.join();
        }
    }

    private Socket strangerFrom(String address) throws IOException {
        InetAddress backup = InetAddress.getLoopbackAddress();
        return new Socket(backup, session.host.backup.address().getPort(), InetAddress.getByName(address), 0);
    }

    private void crowdIn(AtomicBoolean over) {
        Deque<Socket> crowd = new ArrayDeque<>();
        try {
            while (!over.get()) {
                crowd.add(strangerFrom("127.0.0.2"));
                TimeUnit.MILLISECONDS.sleep(1);
                if (crowd.size() > 3 * BackupServer.MAX_CONNECTIONS) {
                    crowd.remove().close();
                }
            }
            for (Socket socket : crowd) {
                socket.close();
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("connecting to a backup that listens does not fail", e);
        }
    }

    /** As a primary does, again and again until it is heard. */
    private void greet() throws Exception {
        long sinceNanos = System.nanoTime();
        while (true) {
            try (RawPrimary primary = new RawPrimary(session.host.backup.address(), Wired.TLS.primary())) {
                primary.send(
                        TestVm.hello(session.epoch, OnBackupLoss.HOLD_OUTPUT).frame());
                primary.await(FrameType.WELCOME);
                return;
            } catch (IOException dropped) {
                assertThat(System.nanoTime() - sinceNanos).isLessThan(SLACK_NANOS);
            }
        }
    }
}
