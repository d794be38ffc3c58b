package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.producer.qemu.QmpClient;
import io.lull.worker.qemu.QmpCalls;
import io.lull.worker.qemu.TakerMark;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The standby stream against a real QEMU; it fails where QEMU is not installed. */
@Tag("guest")
@Timeout(120)
class StandbyQemuTest {
    private static final StandbyOptions OPTIONS =
            new StandbyOptions(true, 2, 1_000_000, 5_000_000_000L, 20_000_000_000L);

    /** QEMU is asked after 100 ms without an event. */
    private static final long ASKED_MEANWHILE_MILLIS = 400;
    /** Longer than one that may be an orphan is waited for at a time. */
    private static final long LATE_MILLIS = 2_600;

    @TempDir
    Path directory;

    @Test
    void aRealQemuRunsTheStreamedImageOnceItIsToldAfterItsPagesWereSentInParts() throws Exception {
        RecordedMigration recorded = new RecordedMigration(record());
        try (CommittedImage image = CommittedImage.create(
                        directory.resolve("image"), new ImageTag(new UUID(1, 1), TestVm.ID, recorded.layout), 0);
                HotStandby follower =
                        new HotStandby(image, launcher(), OPTIONS, new BackupListener() {}, System::nanoTime)) {
            recorded.copyTo(image);
            for (int page = 0; page < image.ramPages(); page++) {
                follower.mark(page);
                if (page % 700 == 0) {
                    follower.wake();
                }
            }
            Standby standby = follower.handOver(ByteBuffer.wrap(recorded.image.deviceState))
                    .get(30, TimeUnit.SECONDS);
            try {
                // Its stream is loaded by now or soon, and it does not run by that.
                assertThatThrownBy(() -> standby.awaitRunning(2_000_000_000L)).hasMessageContaining("doesn't run");
                UUID taker = UUID.randomUUID();
                standby.markTaken(taker);
                standby.run();
                standby.awaitRunning(20_000_000_000L);
                standby.announceSelf();
                try (QmpClient other = QmpClient.connect(otherMonitor(), event -> {}, Duration.ofSeconds(10))) {
                    assertThat(TakerMark.read(new QmpCalls(other))).contains(taker);
                }
                assertThat(standby.isAlive()).isTrue();
                assertThat(follower.state()).isEqualTo(HotStandby.State.HANDED_OVER);
            } finally {
                standby.withdraw();
            }
            assertThat(standby.ended().get(10, TimeUnit.SECONDS)).contains("status 0");
        }
    }

    @Test
    void aQemuThatRefusesItsStreamIsReportedWithItsLog() throws Exception {
        Standby standby = launcher().start();
        standby.stream().write(ByteBuffer.wrap(new byte[64]));
        standby.stream().close();
        assertThat(standby.ended().get(20, TimeUnit.SECONDS)).contains("status 1");

        assertThatThrownBy(() -> standby.awaitRunning(20_000_000_000L))
                .hasMessageContaining("ended with status 1")
                .hasMessageContaining("standby-1.log");
        standby.withdraw();
    }

    @Test
    void aQemuThatEndsWhenItIsAskedIsReportedWithItsLogToo() throws Exception {
        Standby standby = launcher().start();
        ProcessHandle process = ProcessHandle.current()
                .children()
                .filter(each -> each.info().command().orElse("").contains("qemu-system"))
                .findFirst()
                .orElseThrow();
        TestQemu.signal(process, "STOP");
        CompletableFuture.delayedExecutor(ASKED_MEANWHILE_MILLIS, TimeUnit.MILLISECONDS)
                .execute(process::destroyForcibly);

        assertThatThrownBy(() -> standby.awaitRunning(20_000_000_000L))
                .hasMessageContaining("ended with status")
                .hasMessageContaining("standby-1.log");
        standby.withdraw();
    }

    @Test
    void oneThatWaitsForAProcessThatWasKilledIsEndedByTheNextAndOneWithAVmStays() throws Exception {
        Process running = qemu(
                "standby-1", List.of("-name", directory.resolve("standby-1.in").toString()));
        // It is just starting when it is looked for.
        Process orphan = qemu("standby-2", List.of("-incoming", "unix:" + directory.resolve("standby-2.in")));
        try {
            Standby standby = launcher().start();
            try {
                assertThat(orphan.waitFor(10, TimeUnit.SECONDS)).isTrue();
                assertThat(standby.isAlive()).isTrue();
                assertThat(directory.resolve("standby-2.log")).exists();
            } finally {
                standby.withdraw();
            }
            try (QmpClient monitor = TestQemu.connect(running, directory.resolve("standby-1.qmp"))) {
                assertThat(monitor.call("query-status", Map.of()).path("status").asText())
                        .isEqualTo("running");
            }
        } finally {
            orphan.destroyForcibly();
            running.destroyForcibly();
        }
    }

    @Test
    void oneThatWaitsAndIsLateToSaySoIsEndedAllTheSame() throws Exception {
        Process orphan = qemu("standby-2", List.of("-incoming", "unix:" + directory.resolve("standby-2.in")));
        try {
            TestQemu.connect(orphan, directory.resolve("standby-2.qmp")).close();
            TestQemu.signal(orphan.toHandle(), "STOP");
            CompletableFuture<Standby> started = CompletableFuture.supplyAsync(this::start);
            assertThatThrownBy(() -> started.get(LATE_MILLIS, TimeUnit.MILLISECONDS))
                    .as("what becomes of the one before isn't known yet")
                    .isInstanceOf(TimeoutException.class);
            TestQemu.signal(orphan.toHandle(), "CONT");
            started.get(20, TimeUnit.SECONDS).withdraw();
            assertThat(orphan.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            orphan.destroyForcibly();
        }
    }

    @Test
    void oneThatStoppedIsEndedOnlyWhereItIsKnownThatNoneWasToldToRun() throws Exception {
        Process stopped = qemu(
                "standby-1", List.of("-name", directory.resolve("standby-1.in").toString()));
        try {
            try (QmpClient monitor = TestQemu.connect(stopped, directory.resolve("standby-1.qmp"))) {
                monitor.call("stop", Map.of());
            }
            launcher().start().withdraw();
            assertThat(stopped.isAlive()).isTrue();
            launcher().endLoaded();
            assertThat(stopped.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            stopped.destroyForcibly();
        }
    }

    private Process qemu(String name, List<String> more) throws IOException {
        List<String> command = new ArrayList<>(TestQemu.MACHINE);
        command.addAll(List.of("-qmp", "unix:" + directory.resolve(name + ".qmp") + ",server=on,wait=off"));
        command.addAll(more);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File(directory.toFile(), name + ".own.log"))
                .start();
    }

    private Standby start() {
        try {
            return launcher().start();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private StandbyQemu launcher() {
        List<String> command = new ArrayList<>(TestQemu.MACHINE);
        command.addAll(List.of("-incoming", "unix:{incoming}", "-qmp", "unix:{qmp},server=on,wait=off"));
        command.addAll(List.of("-qmp", "unix:" + otherMonitor() + ",server=on,wait=off"));
        return new StandbyQemu(new StandbyQemuOptions(command, directory, 20_000_000_000L));
    }

    private Path otherMonitor() {
        return directory.resolve("other.qmp");
    }

    /** Lets a running machine migrate to a socket of ours. */
    private byte[] record() throws Exception {
        Path qmp = directory.resolve("p.qmp");
        Path target = directory.resolve("rec");
        List<String> command = new ArrayList<>(TestQemu.MACHINE);
        command.addAll(List.of("-qmp", "unix:" + qmp + ",server=on,wait=off"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File(directory.toFile(), "p.log"))
                .start();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(target));
            try (QmpClient client = TestQemu.connect(process, qmp)) {
                assertThat(TakerMark.read(new QmpCalls(client))).isEmpty();
                client.call("migrate", Map.of("uri", "unix:" + target));
                return readAll(server);
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static byte[] readAll(ServerSocketChannel server) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        try (SocketChannel stream = server.accept()) {
            while (stream.read(buffer.clear()) >= 0) {
                all.write(buffer.array(), 0, buffer.position());
            }
        }
        return all.toByteArray();
    }

    @Test
    void aCommandThatIsNoQemuFailsToStartAndLeavesNothing() {
        StandbyQemu launcher = new StandbyQemu(
                new StandbyQemuOptions(List.of("false", "{incoming}", "{qmp}"), directory, 5_000_000_000L));

        assertThatThrownBy(launcher::start).isInstanceOf(IOException.class).hasMessageContaining("status 1");
        assertThat(Files.exists(directory.resolve("standby-1.in"))).isFalse();
    }
}
