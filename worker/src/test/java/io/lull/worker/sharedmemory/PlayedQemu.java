package io.lull.worker.sharedmemory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lull.producer.qemu.Qmp;
import io.lull.producer.qemu.QmpEvent;
import io.lull.producer.qemu.QmpException;
import io.lull.worker.page.PageMemory;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A QEMU as far as this source knows it: a guest that runs or not, its memory in a file, one other block, and the events that
 * a real one sends, in the order in which it does.
 */
final class PlayedQemu implements Qmp {
    static final int RAM_PAGES = 300;
    static final int OTHER_PAGES = 2;
    static final int STATE_BYTES = 5000;

    final List<String> commands = new CopyOnWriteArrayList<>();
    final List<String> devices = new CopyOnWriteArrayList<>(List.of("net0"));
    final Path ram;
    private final Path folder;
    String otherBlock = "pc.rom";
    boolean sendsNothing;
    boolean refusesToSave;
    private volatile boolean running = true;
    private String migration = "none";
    private final List<SocketChannel> stalled = new ArrayList<>();
    private volatile Consumer<QmpEvent> listener = event -> {};

    PlayedQemu(Path folder) throws IOException {
        this.folder = folder;
        this.ram = folder.resolve("ram");
        Files.write(ram, new byte[RAM_PAGES * PageMemory.PAGE_BYTES]);
    }

    void listener(Consumer<QmpEvent> to) {
        listener = to;
    }

    boolean runs() {
        return running;
    }

    /** The guest writes: fills one of its pages. */
    void write(int page, int value) throws IOException {
        byte[] content = new byte[PageMemory.PAGE_BYTES];
        java.util.Arrays.fill(content, (byte) value);
        try (FileChannel file = FileChannel.open(ram, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(content), (long) page * PageMemory.PAGE_BYTES);
        }
    }

    void event(String name) {
        listener.accept(new QmpEvent(name, JsonNodeFactory.instance.objectNode(), OptionalLong.empty()));
    }

    @Override
    public synchronized CompletableFuture<JsonNode> execute(String command, JsonNode arguments, Duration timeout) {
        commands.add(command);
        ObjectNode answer = new JsonMapper().createObjectNode();
        try {
            switch (command) {
                case "stop" -> stop();
                case "cont" -> cont();
                case "query-status" -> answer.put("running", running).put("status", running ? "running" : "paused");
                case "query-migrate" -> answer.put("status", migration);
                case "migrate_cancel" -> migration = "cancelled";
                case "migrate" -> migrate();
                case "qom-list" -> {
                    return CompletableFuture.completedFuture(
                            devicesIn(arguments.path("path").asText()));
                }
                case "xen-save-devices-state" -> {
                    if (refusesToSave) {
                        return CompletableFuture.failedFuture(QmpException.refused(command, "GenericError", "no room"));
                    }
                    save(Path.of(arguments.path("filename").asText()));
                }
                default -> {
                    // Nothing that this test looks at.
                }
            }
        } catch (IOException e) {
            return CompletableFuture.failedFuture(QmpException.refused(command, "GenericError", String.valueOf(e)));
        }
        return CompletableFuture.completedFuture(answer);
    }

    private JsonNode devicesIn(String folder) {
        var list = JsonNodeFactory.instance.arrayNode();
        list.addObject().put("name", "type").put("type", "string");
        if (folder.equals("/machine/peripheral")) {
            devices.forEach(name -> list.addObject().put("name", name).put("type", "child<virtio-net-pci>"));
        }
        return list;
    }

    synchronized void stop() {
        if (running) {
            running = false;
            event("STOP");
        }
    }

    synchronized void cont() {
        if (!running) {
            running = true;
            event("RESUME");
        }
    }

    private static void save(Path file) throws IOException {
        ByteBuffer state = ByteBuffer.allocate(8 + STATE_BYTES);
        state.putInt(0x5145564d).putInt(3);
        while (state.hasRemaining()) {
            state.put((byte) 7);
        }
        Files.write(file, state.array());
    }

    private void migrate() throws IOException {
        migration = "active";
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("memory.sock")));
        if (sendsNothing) {
            stalled.add(channel);
            return;
        }
        channel.write(ByteBuffer.wrap(stream()));
        channel.close();
        migration = "completed";
    }

    private byte[] stream() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0x5145564d);
        out.writeInt(3);
        out.write(7);
        out.writeInt(2);
        out.writeBytes("pc");
        out.write(5);
        text(out, "configuration/capabilities");
        out.writeInt(1);
        out.writeInt(1);
        text(out, "x-ignore-shared");
        out.write(1);
        out.writeInt(2);
        text(out, "ram");
        out.writeInt(0);
        out.writeInt(4);
        out.writeLong((long) (RAM_PAGES + OTHER_PAGES) * PageMemory.PAGE_BYTES | 0x04);
        text(out, "ram0");
        out.writeLong((long) RAM_PAGES * PageMemory.PAGE_BYTES);
        out.writeLong(0);
        text(out, otherBlock);
        out.writeLong((long) OTHER_PAGES * PageMemory.PAGE_BYTES);
        out.writeLong(0xc0000);
        end(out);
        out.write(3);
        out.writeInt(2);
        out.writeLong((long) PageMemory.PAGE_BYTES | 0x08);
        text(out, otherBlock);
        out.write(new byte[PageMemory.PAGE_BYTES - 1]);
        out.write(9);
        end(out);
        out.write(new byte[1000]);
        return bytes.toByteArray();
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        out.write(text.length());
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void end(DataOutputStream out) throws IOException {
        out.writeLong(0x10);
        out.write(0x7e);
        out.writeInt(2);
    }
}
