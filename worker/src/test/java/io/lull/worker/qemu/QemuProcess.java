package io.lull.worker.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real QEMU with the least possible QMP connection, for tests; QEMU missing is a failure. */
public final class QemuProcess implements Qmp, Closeable {
    private static final JsonMapper JSON = new JsonMapper();

    private final List<String> events = new ArrayList<>();
    private final Process process;
    private final SocketChannel channel;
    private final BufferedReader reader;

    /** Starts {@code qemu-system-x86_64} under TCG with 64 MiB and these arguments more; files go to the directory. */
    public static QemuProcess start(Path directory, String... arguments) throws Exception {
        Path monitor = directory.resolve("qmp");
        List<String> command = new ArrayList<>(List.of("qemu-system-x86_64", "-M", "pc", "-accel", "tcg", "-m", "64"));
        command.addAll(List.of("-nodefaults", "-display", "none", "-qmp", "unix:" + monitor + ",server=on,wait=off"));
        command.addAll(Arrays.asList(arguments));
        Path log = directory.resolve("qemu.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            List<SocketChannel> channels = new ArrayList<>();
            Await.until("QEMU listens for QMP", () -> {
                if (!process.isAlive()) {
                    throw new IOException("QEMU did not start: " + Files.readString(log));
                }
                connected(monitor).ifPresent(channels::add);
                return !channels.isEmpty();
            });
            return new QemuProcess(process, channels.get(0));
        } catch (Exception | Error e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** The socket's file is there a moment before QEMU listens on it. */
    private static Optional<SocketChannel> connected(Path monitor) {
        try {
            return Optional.of(SocketChannel.open(UnixDomainSocketAddress.of(monitor)));
        } catch (IOException notYet) {
            return Optional.empty();
        }
    }

    private QemuProcess(Process process, SocketChannel channel) throws IOException {
        this.process = process;
        this.channel = channel;
        this.reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
        readLine();
        execute("qmp_capabilities", Map.of());
    }

    @Override
    public synchronized JsonNode execute(String command, Map<String, ?> arguments) throws IOException {
        byte[] line = JSON.writeValueAsBytes(Map.of("execute", command, "arguments", arguments));
        ByteBuffer buffer = ByteBuffer.wrap(line);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        while (true) {
            JsonNode answer = readLine();
            if (answer.has("event")) {
                events.add(answer.get("event").asText() + " " + answer.path("data"));
            } else if (answer.has("error")) {
                throw new IOException("QEMU refused " + command + ": "
                        + answer.at("/error/desc").asText());
            } else {
                return answer.get("return");
            }
        }
    }

    /** Runs a monitor command and returns what it printed. */
    public String monitor(String command) throws IOException {
        return execute("human-monitor-command", Map.of("command-line", command)).asText();
    }

    /** The events that were read so far, name and data. */
    public synchronized List<String> events() {
        return List.copyOf(events);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        channel.close();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IOException("QEMU with pid " + process.pid() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode readLine() throws IOException {
        String line = reader.readLine();
        if (line == null) {
            throw new EOFException("QEMU closed its QMP connection");
        }
        return JSON.readTree(line);
    }
}
