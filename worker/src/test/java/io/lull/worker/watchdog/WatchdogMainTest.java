package io.lull.worker.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The watchdog process against a QEMU that answers as the test wants, or not at all. */
@Timeout(60)
class WatchdogMainTest {
    private static final String GREETING =
            "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 22, \"minor\": 2, \"major\": 7}, \"package\": \"\"},"
                    + " \"capabilities\": []}}\n";

    @TempDir
    private Path folder;

    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<String> links = new CopyOnWriteArrayList<>();
    /** When QEMU began to hang. */
    private final CompletableFuture<Long> hungNanos = new CompletableFuture<>();

    private volatile boolean running = true;
    /** The command that QEMU never answers; empty when it answers all. */
    private volatile String hangsAt = "";
    /** Done by QEMU when it hangs. */
    private volatile Hang atHang = () -> {};

    /** What a test does while QEMU hangs. */
    private interface Hang {
        void act() throws IOException;
    }

    @ParameterizedTest
    @ValueSource(strings = {"greeting", "qmp_capabilities", "query-status", "set_link", "query-migrate"})
    void killsASilentWorkerForWhichQemuWaitsWithAllThatItDoes(String hangs) throws Exception {
        hangsAt = hangs;
        running = false;
        Process worker = new ProcessBuilder("sleep", "60").start();
        try (ServerSocketChannel qemu = listen()) {
            new Thread(() -> answer(qemu), "qemu").start();
            Process watchdog = watchdog(worker.pid(), 200, "net0");
            give(watchdog, WatchdogMain.ALIVE);
            long beginNanos = hungNanos.get(30, TimeUnit.SECONDS);
            boolean killed = worker.waitFor(30, TimeUnit.SECONDS);
            long tookNanos = System.nanoTime() - beginNanos;
            watchdog.destroyForcibly();
            assertThat(killed).as("the worker was killed").isTrue();
            assertThat(Duration.ofNanos(tookNanos))
                    .as("a guest that stands still meanwhile does so for no more than a second longer")
                    .isLessThan(Duration.ofSeconds(3));
        } finally {
            worker.destroyForcibly();
        }
    }

    @Test
    void resumesAGuestThatTheWorkerHadStoppedAndLeavesOneThatItHadNot() throws Exception {
        assertThat(toldAtTheEndOfAWorkerThatSaid(WatchdogMain.STOPPED)).contains("cont", "query-migrate");
        assertThat(toldAtTheEndOfAWorkerThatSaid(WatchdogMain.STOPPED, WatchdogMain.RUNS))
                .contains("query-migrate")
                .doesNotContain("cont");
    }

    @Test
    void leavesAGuestThatMayRunElsewhereAndResumesItOnceItMayNot() throws Exception {
        assertThat(toldAtTheEndOfAWorkerThatSaid(WatchdogMain.STOPPED, WatchdogMain.BARRED))
                .doesNotContain("cont");
        assertThat(toldAtTheEndOfAWorkerThatSaid(WatchdogMain.STOPPED, WatchdogMain.BARRED, WatchdogMain.UNBARRED))
                .contains("cont");
    }

    /** What QEMU hears of the watchdog. */
    private List<String> toldAtTheEndOfAWorkerThatSaid(int... signs) throws Exception {
        commands.clear();
        try (ServerSocketChannel qemu = listen()) {
            new Thread(() -> answer(qemu), "qemu").start();
            Process watchdog = watchdog(ProcessHandle.current().pid(), 30_000);
            for (int sign : signs) {
                watchdog.getOutputStream().write(sign);
            }
            watchdog.getOutputStream().close();

            assertThat(watchdog.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(watchdog.exitValue()).isZero();
            return List.copyOf(commands);
        }
    }

    @Test
    void cutsAPausedGuestOffItsNetworkBeforeItFreesItAndConnectsItWhenItRuns() throws Exception {
        try (ServerSocketChannel qemu = listen()) {
            running = false;
            Thread answers = new Thread(() -> answer(qemu), "qemu");
            answers.start();
            Process watchdog = watchdog(ProcessHandle.current().pid(), 30_000, "net0");
            watchdog.getOutputStream().write(WatchdogMain.STOPPED);
            watchdog.getOutputStream().close();

            assertThat(watchdog.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(watchdog.exitValue()).isZero();
        }
        assertThat(commands).containsSubsequence("query-status", "set_link", "cont", "query-status", "set_link");
        assertThat(links).containsExactly("false", "true");
    }

    @Test
    void connectsTheNetworkOfAGuestThatRunsSinceItsWorkerMayHaveDisconnectedIt() throws Exception {
        try (ServerSocketChannel qemu = listen()) {
            Thread answers = new Thread(() -> answer(qemu), "qemu");
            answers.start();
            Process watchdog = watchdog(ProcessHandle.current().pid(), 30_000, "net0");
            watchdog.getOutputStream().close();

            assertThat(watchdog.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(commands).contains("query-status", "query-migrate");
        assertThat(links).containsExactly("true");
    }

    @Test
    void connectsTheNetworkAgainWhenTheWorkerGoesOnWhileQemuWasSlowToDisconnectIt() throws Exception {
        hangsAt = "set_link";
        running = false;
        Process worker = new ProcessBuilder("sleep", "60").start();
        try (ServerSocketChannel qemu = listen()) {
            Thread answers = new Thread(
                    () -> {
                        answer(qemu);
                        answer(qemu);
                    },
                    "qemu");
            answers.start();
            // Long enough for it not to be silent a second time before its last word.
            Process watchdog = watchdog(worker.pid(), 1_000, "net0");
            atHang = () -> {
                give(watchdog, WatchdogMain.ALIVE);
                hangsAt = "";
                running = true;
            };
            give(watchdog, WatchdogMain.ALIVE);
            answers.join(30_000);
            give(watchdog, WatchdogMain.ORDERLY);

            assertThat(watchdog.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(worker.isAlive()).as("the worker was left alone").isTrue();
            assertThat(links).containsExactly("true");
        } finally {
            worker.destroyForcibly();
        }
    }

    private static void give(Process watchdog, int sign) throws IOException {
        watchdog.getOutputStream().write(sign);
        watchdog.getOutputStream().flush();
    }

    private ServerSocketChannel listen() throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        java.nio.file.Files.deleteIfExists(folder.resolve("qmp"));
        server.bind(UnixDomainSocketAddress.of(folder.resolve("qmp")));
        return server;
    }

    private Process watchdog(long worker, long limitMillis, String... netdev) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                WatchdogMain.class.getName(),
                folder.resolve("qmp").toString(),
                Long.toString(limitMillis),
                Long.toString(worker)));
        command.addAll(List.of(netdev));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("watchdog.log").toFile())
                .start();
    }

    /** Greets one client, and answers each of its commands with nothing but whether the guest runs. */
    private void answer(ServerSocketChannel server) {
        try (SocketChannel client = server.accept();
                BufferedReader lines = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8))) {
            if (hangsAt.equals("greeting")) {
                hang();
            } else {
                client.write(ByteBuffer.wrap(GREETING.getBytes(StandardCharsets.UTF_8)));
            }
            String line = lines.readLine();
            while (line != null) {
                String command = line.replaceAll(".*\"execute\" *: *\"([^\"]*)\".*", "$1");
                commands.add(command);
                if (command.equals(hangsAt)) {
                    hang();
                    line = lines.readLine();
                    continue;
                }
                running |= command.equals("cont");
                if (command.equals("set_link")) {
                    links.add(line.replaceAll(".*\"up\" *: *([a-z]+).*", "$1"));
                }
                String id = line.replaceAll(".*\"id\" *: *([0-9]+).*", "$1");
                String answer = "{\"return\": {\"running\": " + running + "}, \"id\": " + id + "}\n";
                client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
                line = lines.readLine();
            }
        } catch (IOException e) {
            commands.add("the connection failed: " + e);
        }
    }

    private void hang() throws IOException {
        hungNanos.complete(System.nanoTime());
        atHang.act();
    }
}
