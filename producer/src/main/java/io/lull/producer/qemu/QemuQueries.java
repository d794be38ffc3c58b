package io.lull.producer.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.policy.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The questions that Lull asks a QEMU.
 *
 * <p>Each costs QEMU's main thread, which also carries the guest's network, about 0.1 ms: ask once or on an event, never
 * at the rate of the samples. An answer of the wrong shape is a {@link QmpException.Kind#PROTOCOL} error.
 */
public final class QemuQueries {
    private final Qmp qmp;

    public QemuQueries(Qmp qmp) {
        this.qmp = qmp;
    }

    /**
     * A vCPU and the host thread that runs it.
     *
     * @param index of the vCPU
     * @param threadId task id on the host
     */
    public record VcpuThread(int index, int threadId) {
        public VcpuThread {
            Checks.notNegative("index", index);
            Checks.positive("threadId", threadId);
        }
    }

    /**
     * Whether the guest runs.
     *
     * @param status QEMU's run state, for example {@code running} or {@code colo}
     */
    public record RunStatus(boolean running, String status) {}

    /**
     * Whether KVM runs the guest.
     *
     * @param enabled in use
     * @param present could be
     */
    public record KvmStatus(boolean enabled, boolean present) {}

    /**
     * A block device with a medium.
     *
     * @param device its name, or its qdev path where it has none
     * @param nodeName of its root node
     * @param file what it was opened from
     */
    public record BlockDevice(String device, String nodeName, String file, boolean readOnly) {}

    /** The vCPUs, by index. */
    public List<VcpuThread> vcpuThreads() throws QmpException, InterruptedException {
        List<VcpuThread> threads = new ArrayList<>();
        for (JsonNode cpu : list("query-cpus-fast")) {
            int index = cpu.path("cpu-index").asInt(-1);
            int threadId = cpu.path("thread-id").asInt(-1);
            if (index < 0 || threadId <= 0) {
                throw shape("query-cpus-fast", cpu);
            }
            threads.add(new VcpuThread(index, threadId));
        }
        threads.sort((a, b) -> Integer.compare(a.index(), b.index()));
        return List.copyOf(threads);
    }

    public RunStatus status() throws QmpException, InterruptedException {
        JsonNode answer = qmp.call("query-status");
        return new RunStatus(bool("query-status", answer, "running"), text("query-status", answer, "status"));
    }

    /** The names of the commands that this QEMU was built with. */
    public Set<String> commands() throws QmpException, InterruptedException {
        Set<String> names = new TreeSet<>();
        for (JsonNode command : list("query-commands")) {
            names.add(text("query-commands", command, "name"));
        }
        return names;
    }

    /** The state of the latest migration, {@code none} when there was none. */
    public String migrationStatus() throws QmpException, InterruptedException {
        return qmp.call("query-migrate").path("status").asText("none");
    }

    public KvmStatus kvm() throws QmpException, InterruptedException {
        JsonNode answer = qmp.call("query-kvm");
        return new KvmStatus(bool("query-kvm", answer, "enabled"), bool("query-kvm", answer, "present"));
    }

    /** The block devices that have a medium. */
    public List<BlockDevice> blockDevices() throws QmpException, InterruptedException {
        List<BlockDevice> devices = new ArrayList<>();
        for (JsonNode device : list("query-block")) {
            JsonNode inserted = device.path("inserted");
            if (inserted.isObject()) {
                String name = text("query-block", device, "device");
                devices.add(new BlockDevice(
                        name.isEmpty() ? device.path("qdev").asText("") : name,
                        inserted.path("node-name").asText(""),
                        text("query-block", inserted, "file"),
                        bool("query-block", inserted, "ro")));
            }
        }
        return List.copyOf(devices);
    }

    private JsonNode list(String command) throws QmpException, InterruptedException {
        JsonNode answer = qmp.call(command);
        if (!answer.isArray()) {
            throw shape(command, answer);
        }
        return answer;
    }

    private static String text(String command, JsonNode from, String field) throws QmpException {
        if (!from.path(field).isTextual()) {
            throw shape(command, from);
        }
        return from.get(field).textValue();
    }

    private static boolean bool(String command, JsonNode from, String field) throws QmpException {
        if (!from.path(field).isBoolean()) {
            throw shape(command, from);
        }
        return from.get(field).booleanValue();
    }

    private static QmpException shape(String command, JsonNode answer) {
        String text = answer.toString();
        return QmpException.of(
                QmpException.Kind.PROTOCOL,
                "QEMU answered " + command + " in an unknown form: " + text.substring(0, Math.min(200, text.length())));
    }
}
