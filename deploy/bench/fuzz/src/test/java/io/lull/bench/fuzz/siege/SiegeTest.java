package io.lull.bench.fuzz.siege;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.bench.fuzz.parser.Target;
import io.lull.bench.fuzz.parser.TargetKind;
import io.lull.worker.wire.Wired;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(180)
class SiegeTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final int CONNECTIONS = 30;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(SiegeKind.class)
    void everySocketStandsAShortSiege(SiegeKind kind) throws Exception {
        System.out.println("SiegeTest: -Dlull.seed=" + SEED);
        Siege.Outcome outcome = kind.open(folder).run(SEED, CONNECTIONS);
        System.out.println(kind.label() + ": " + outcome.report());
        assertThat(outcome.violations()).as("seed %d", SEED).isEmpty();
    }

    @Test
    void aBackupThatTellsStrangersSomethingIsFound() throws Exception {
        assertThat(faultsOfABackupThatSays("LULL and the guest's memory")).isNotEmpty();
    }

    @Test
    void aBackupThatSaysNothingIsNotFaulted() throws Exception {
        assertThat(faultsOfABackupThatSays("")).isEmpty();
    }

    private List<String> faultsOfABackupThatSays(String answer) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Target sessions = TargetKind.BACKUP.open(folder)) {
            Thread thread = new Thread(() -> serve(server, answer), "talkative-backup");
            thread.setDaemon(true);
            thread.start();
            Besiegers besiegers = new Besiegers(
                    (InetSocketAddress) server.getLocalSocketAddress(),
                    Wired.PLAINTEXT,
                    sessions,
                    SEED,
                    CONNECTIONS,
                    Besiegers.Judges.serving(BackupSiege::fault));
            besiegers.join();
            return besiegers.faults();
        }
    }

    private static void serve(ServerSocket server, String answer) {
        while (!server.isClosed()) {
            try (Socket peer = server.accept()) {
                peer.setSoTimeout(200);
                while (peer.getInputStream().read() >= 0) {
                    // Until it has said everything, so that the end is no reset.
                }
                peer.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // A hostile peer that waits for more, or has reset the connection.
                continue;
            }
        }
    }
}
