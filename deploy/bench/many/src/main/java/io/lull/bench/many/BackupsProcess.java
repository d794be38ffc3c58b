package io.lull.bench.many;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The process with the backups, and where they listen. */
final class BackupsProcess implements AutoCloseable {
    private static final long END_SECONDS = 20;

    private final Process process;
    private final List<InetSocketAddress> addresses = new ArrayList<>();

    /** Starts the process and waits until all backups listen. */
    BackupsProcess(Path folder, int count) throws IOException {
        this.process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx4g",
                        "-XX:+UseParallelGC",
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BackupsMain.class.getName(),
                        folder.toString(),
                        String.valueOf(count))
                .redirectError(Redirect.to(folder.resolve("backups.log").toFile()))
                .start();
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        for (int i = 0; i < count; i++) {
            String port = said.readLine();
            if (port == null) {
                throw new IOException("the backups did not start; see " + folder.resolve("backups.log"));
            }
            addresses.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)));
        }
    }

    InetSocketAddress address(int number) {
        return addresses.get(number);
    }

    /** CPU time that it has used, in nanoseconds. */
    long cpuNanos() {
        return process.info().totalCpuDuration().orElseThrow().toNanos();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
