package io.lull.worker.backup;

import io.lull.worker.wire.Wiring;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A backup in a process of its own, which can be killed. */
final class BackupProcess implements AutoCloseable {
    private static final String READY = "listens on port ";

    private final Process process;
    final InetSocketAddress address;

    private BackupProcess(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /** Starts one, and returns when it listens. */
    static BackupProcess start(Path directory) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BackupProcess.class.getName(),
                        directory.toString()))
                .redirectError(directory
                        .resolveSibling(directory.getFileName() + ".log")
                        .toFile())
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(READY)) {
                int port = Integer.parseInt(line.substring(READY.length()));
                return new BackupProcess(process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            }
        }
        process.destroyForcibly();
        throw new IOException("the backup's process did not come to listen; its log is beside " + directory);
    }

    /** By SIGKILL; returns when nothing of it is left. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError("a process that was killed is still there");
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    /** The process itself. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        BackupOptions.Store store = new BackupOptions.Store(
                directory, Optional.of(directory.resolve("disk.raw")), false, 1L << 30, 2 << 20);
        BackupOptions options = new BackupOptions(
                TestVm.ID,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                store,
                FailoverMode.MANUAL,
                new BackupOptions.Timing(5_000_000_000L, 50_000_000L, 5_000_000_000L));
        BackupParts parts = new BackupParts(
                Wiring.UNSAFE_PLAINTEXT,
                Optional.empty(),
                StandbyOptions.DEFAULT,
                Optional.empty(),
                new BackupListener() {});
        Backup backup = Backup.start(options, parts, System::nanoTime);
        System.out.println(READY + backup.address().getPort());
        Thread.currentThread().join();
    }
}
