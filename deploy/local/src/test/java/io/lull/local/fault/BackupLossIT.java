package io.lull.local.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.local.Await;
import io.lull.policy.ReplicationEvent.Kind;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The backup goes and comes back: the guest always runs, its output does what was configured, and nothing is lost. */
@Tag("guest")
@Timeout(180)
class BackupLossIT {
    private static final long LIMIT_MILLIS = 60_000;
    private static final int SESSIONS = 20;

    @TempDir
    static Path folder;

    private static FaultGuest guest;

    @BeforeAll
    static void boot() throws Exception {
        guest = FaultGuest.boot(folder);
    }

    @AfterAll
    static void end() {
        guest.close();
    }

    @Test
    void outputIsHeldUntilABackupIsBackAndThenNothingWasLost() throws Exception {
        TestBackup backup = TestBackup.manual(folder.resolve("image"), guest.disk("backup"), 0);
        int port = backup.port();
        try (RunningAgent worker = new RunningAgent(guest.loaded(port, Map.of("onBackupLoss", "stop-output")))) {
            worker.events().await(Kind.PROTECTED, 1, LIMIT_MILLIS);
            try (IncrLoop client = new IncrLoop(guest.redisPort())) {
                Await.until("the client is served", LIMIT_MILLIS, () -> client.replies() > 100);
                assertThat(backup.heldSinceEpoch()).as("nothing was held yet").isEmpty();
                backup.close();
                worker.events().await(Kind.UNPROTECTED, 1, LIMIT_MILLIS);
                awaitHeldOutput(worker);
                long held = client.replies();
                awaitAttempts(worker, port);
                assertThat(guest.running()).isTrue();
                assertThat(client.replies()).isEqualTo(held);
                assertThat(worker.events().details(Kind.UNPROTECTED))
                        .singleElement()
                        .asString()
                        .contains("output is held");
                assertThat(worker.events().count(Kind.BACKUP_LOST)).isEqualTo(1);

                long backNanos = System.nanoTime();
                try (TestBackup again = TestBackup.manual(folder.resolve("image"), guest.disk("backup"), port)) {
                    worker.events().await(Kind.PROTECTED, 2, LIMIT_MILLIS);
                    System.out.printf("protected again after %.0f ms%n", (System.nanoTime() - backNanos) / 1e6);
                    Await.until("the client is served again", LIMIT_MILLIS, () -> client.replies() > held + 100);
                    client.finish();
                    assertThat(again.commits()).isPositive();
                    assertThat(again.heldSinceEpoch())
                            .as("output was held since the first backup's last commit")
                            .isPresent();
                    assertThat(worker.events().count(Kind.PROTECTED)).isEqualTo(2);
                    worker.close();
                }
            }
        }
        assertThat(guest.leftovers()).isEmpty();
    }

    @Test
    void outputFlowsUnprotectedWhenThatIsConfiguredAndIsHeldAgainWithTheNextBackup() throws Exception {
        TestBackup backup = TestBackup.manual(folder.resolve("image1"), guest.disk("backup"), 0);
        int port = backup.port();
        try (RunningAgent worker = new RunningAgent(guest.loaded(port, Map.of("onBackupLoss", "go-on-unprotected")));
                IncrLoop client = new IncrLoop(guest.redisPort())) {
            worker.events().await(Kind.PROTECTED, 1, LIMIT_MILLIS);
            backup.close();
            worker.events().await(Kind.UNPROTECTED, 1, LIMIT_MILLIS);
            long lost = client.replies();
            Await.until("the client is served without a backup", LIMIT_MILLIS, () -> client.replies() > lost + 200);
            assertThat(worker.events().details(Kind.UNPROTECTED))
                    .singleElement()
                    .asString()
                    .contains("go-on-unprotected");

            try (TestBackup again = TestBackup.manual(folder.resolve("image1"), guest.disk("backup"), port)) {
                worker.events().await(Kind.PROTECTED, 2, LIMIT_MILLIS);
                long back = client.replies();
                Await.until("the client is served with one", LIMIT_MILLIS, () -> client.replies() > back + 100);
                client.finish();
                worker.close();
                assertThat(again.commits()).isPositive();
                assertThat(again.heldSinceEpoch()).as("output has flowed").isEmpty();
            }
        }
        assertThat(guest.leftovers()).isEmpty();
    }

    @Test
    void manySessionsLeaveNoThreadNoSocketAndNoMemoryBehind() throws Exception {
        TestBackup first = TestBackup.manual(folder.resolve("image2"), guest.disk("backup"), 0);
        int port = first.port();
        try (RunningAgent worker = new RunningAgent(guest.loaded(port, Map.of()))) {
            worker.events().await(Kind.PROTECTED, 1, LIMIT_MILLIS);
            Usage before = Usage.now();
            first.close();
            for (int session = 2; session <= SESSIONS; session++) {
                worker.events().await(Kind.UNPROTECTED, session - 1L, LIMIT_MILLIS);
                try (TestBackup backup = TestBackup.manual(folder.resolve("image2"), guest.disk("backup"), port)) {
                    worker.events().await(Kind.PROTECTED, session, LIMIT_MILLIS);
                    if (session == SESSIONS) {
                        Await.until(
                                "usage as after the first session, " + before + ", not " + Usage.now(),
                                LIMIT_MILLIS,
                                () -> {
                                    Usage now = Usage.now();
                                    return now.isNotMoreThan(before);
                                });
                        worker.close();
                    }
                }
            }
        }
        assertThat(guest.leftovers()).isEmpty();
    }

    private static void awaitHeldOutput(RunningAgent worker) throws Exception {
        Await.until(
                "output is held", LIMIT_MILLIS, () -> worker.agent().status().heldBytes() > 0);
    }

    /** Waits until the worker has tried in vain twice: a listener that hangs up takes the backup's place for a moment. */
    private static void awaitAttempts(RunningAgent worker, int port) throws Exception {
        try (var server = new java.net.ServerSocket(port, 4, java.net.InetAddress.getLoopbackAddress())) {
            for (int attempt = 0; attempt < 2; attempt++) {
                server.accept().close();
            }
        }
        assertThat(worker.agent().status().state()).isIn("UNPROTECTED", "CONNECTING");
    }

    /** What this JVM holds of what a session could leak. */
    private record Usage(long threads, long descriptors, long directMebibytes, long nativeMebibytes) {
        /** A session has a ring of 64 MiB and two staging areas of 16 MiB at least: three that leaked would be seen. */
        private static final long SLACK_MEBIBYTES = 3 * 96;

        static Usage now() throws java.io.IOException {
            System.gc();
            trim();
            long threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("lull"))
                    .count();
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
                return new Usage(threads, descriptors.count(), direct() >> 20, anonymous() - heap());
            }
        }

        /** Has the C library give back what was freed to it, so that what is left is in use. */
        private static void trim() throws java.io.IOException {
            try {
                ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "systemTrimNativeHeap",
                                new Object[0],
                                new String[0]);
            } catch (JMException e) {
                throw new java.io.IOException("this JVM can't trim its heap, so that leaks can't be told", e);
            }
        }

        private static long direct() {
            return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(pool -> pool.getName().equals("direct"))
                    .mapToLong(BufferPoolMXBean::getMemoryUsed)
                    .sum();
        }

        private static long heap() {
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted() >> 20;
        }

        private static long anonymous() throws java.io.IOException {
            List<String> lines = Files.readAllLines(Path.of("/proc/self/status"));
            return lines.stream()
                    .filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                    .sum();
        }

        boolean isNotMoreThan(Usage before) {
            return threads <= before.threads
                    && descriptors <= before.descriptors + 2
                    && directMebibytes <= before.directMebibytes + SLACK_MEBIBYTES
                    // Each session has a shadow of the guest's 128 MiB: three that leaked would be seen.
                    && nativeMebibytes <= before.nativeMebibytes + 3 * 128;
        }
    }
}
