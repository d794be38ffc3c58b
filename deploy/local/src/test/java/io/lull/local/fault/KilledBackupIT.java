package io.lull.local.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.local.Await;
import io.lull.local.ManagedProcess;
import io.lull.policy.ReplicationEvent.Kind;
import io.lull.worker.backup.FailoverReport;
import io.lull.worker.backup.StandbyQemu;
import io.lull.worker.backup.StandbyQemuOptions;
import io.lull.worker.certs.CertificateFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real guest whose backup's process is killed under load: the next one stands where it stood, also when the guest is gone. */
@Tag("guest")
@Timeout(300)
class KilledBackupIT {
    private static final long LIMIT_MILLIS = 60_000;
    private static final long STANDBY_START_NANOS = 20_000_000_000L;

    @TempDir
    Path folder;

    @Test
    void theNextProcessProtectsTheGuestAgainAndTheOneAfterThatRunsIt() throws Exception {
        try (FaultGuest guest = FaultGuest.boot(folder)) {
            int port = freePort();
            long epoch;
            try (ManagedProcess first = backup(guest, port);
                    RunningAgent worker = new RunningAgent(guest.loaded(port, Map.of("onBackupLoss", "stop-output")))) {
                worker.events().await(Kind.PROTECTED, 1, LIMIT_MILLIS);
                try (IncrLoop client = new IncrLoop(guest.redisPort())) {
                    Await.until("the client is served", LIMIT_MILLIS, () -> client.replies() > 100);
                    first.kill();
                    worker.events().await(Kind.UNPROTECTED, 1, LIMIT_MILLIS);
                    long backNanos = System.nanoTime();
                    try (ManagedProcess second = backup(guest, port)) {
                        worker.events().await(Kind.PROTECTED, 2, LIMIT_MILLIS);
                        System.out.printf(
                                "protected again %.0f ms after the next process was started%n",
                                (System.nanoTime() - backNanos) / 1e6);
                        long held = client.replies();
                        Await.until("the client is served again", LIMIT_MILLIS, () -> client.replies() > held + 100);
                        client.finish();
                        epoch = worker.agent().status().committedEpochs();
                        second.kill();
                    }
                    guest.qemu().kill();
                }
            }
            runFromWhatIsLeft(guest, epoch);
        }
    }

    private void runFromWhatIsLeft(FaultGuest guest, long committed) throws Exception {
        StandbyQemu standby =
                new StandbyQemu(new StandbyQemuOptions(guest.standbyCommand(), folder, STANDBY_START_NANOS));
        try (TestBackup third = TestBackup.told(folder.resolve("image"), guest.disk("backup"), standby)) {
            assertThat(third.backup().status().committedEpoch()).isPresent();
            assertThat(third.backup().status().committedEpoch().getAsLong()).isGreaterThanOrEqualTo(committed);
            assertThat(third.backup().status().unfit()).isEmpty();
            FailoverReport report = third.backup().takeOver("its host is gone");
            System.out.printf("runs %.0f ms after the word: %s%n", report.decisionToResumeNanos() / 1e6, report);
            assertThat(report.epoch()).isGreaterThanOrEqualTo(committed);
            third.backup().running().orElseThrow().withdraw();
        }
    }

    private ManagedProcess backup(FaultGuest guest, int port) throws IOException {
        CertificateFolder certificates = FaultCertificates.folder();
        return ManagedProcess.start(
                "backup",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BackupMain.class.getName(),
                        folder.resolve("image").toString(),
                        guest.disk("backup").toString(),
                        String.valueOf(port),
                        certificates.certificateOf(FaultCertificates.BACKUP).toString(),
                        certificates.keyOf(FaultCertificates.BACKUP).toString(),
                        certificates.authority().toString()),
                folder.resolve("backup.log"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
