package io.lull.worker.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Asks a QEMU which disks and netdevs its VM has; some two calls for each device. */
public final class DeviceQuery {
    /** Where devices are that may be plugged in and out: with an id, and without one. */
    private static final List<String> PLUGGABLE = List.of("/machine/peripheral", "/machine/peripheral-anon");

    /** And those that QEMU made itself, as for {@code -nic}. */
    private static final String UNATTACHED = "/machine/unattached";

    /** What else is there, much of it. */
    private static final Set<String> NO_DEVICES = Set.of("child<irq>", "child<memory-region>");

    private static final String FLASH = "/machine/system.flash";
    private static final String NETDEV = "netdev";

    private DeviceQuery() {}

    /** @throws IOException when QEMU does not answer */
    public static VmDevices ask(Qmp qmp) throws IOException {
        return new VmDevices(disks(qmp), netdevs(qmp));
    }

    /**
     * The paths of all devices that may be plugged in and out; two calls.
     *
     * @throws IOException when QEMU does not answer
     */
    public static Set<String> pluggable(Qmp qmp) throws IOException {
        Set<String> paths = new TreeSet<>();
        for (String folder : PLUGGABLE) {
            addDevices(qmp, folder, paths);
        }
        return paths;
    }

    /**
     * Size of a disk by the name that it is mirrored by.
     *
     * @param name its block node's, or its drive's id
     * @throws IOException when QEMU does not answer, or has no such disk
     */
    public static long diskBytes(Qmp qmp, String name) throws IOException {
        for (JsonNode node : qmp.execute("query-named-block-nodes", Map.of("flat", true))) {
            if (node.path("node-name").asText().equals(name)) {
                return bytes(node);
            }
        }
        for (JsonNode drive : qmp.execute("query-block", Map.of())) {
            if (drive.path("device").asText().equals(name) && drive.has("inserted")) {
                return bytes(drive.path("inserted"));
            }
        }
        throw new IOException("QEMU has no disk '" + name
                + "': disk.node must be the node-name of the disk's -blockdev, or the id of its -drive");
    }

    private static long bytes(JsonNode node) {
        return node.path("image").path("virtual-size").asLong();
    }

    private static void addDevices(Qmp qmp, String folder, Set<String> paths) throws IOException {
        for (JsonNode child : list(qmp, folder)) {
            String type = child.path("type").asText();
            if (type.startsWith("child<") && !NO_DEVICES.contains(type)) {
                paths.add(folder + "/" + child.path("name").asText());
            }
        }
    }

    private static List<VmDevices.Disk> disks(Qmp qmp) throws IOException {
        List<VmDevices.Disk> disks = new ArrayList<>();
        for (JsonNode drive : qmp.execute("query-block", Map.of())) {
            JsonNode medium = drive.path("inserted");
            String device = drive.path("qdev").asText();
            boolean written = medium.isObject() && !medium.path("ro").asBoolean();
            if (written && !device.isEmpty() && !device.startsWith(FLASH)) {
                disks.add(new VmDevices.Disk(
                        drive.path("device").asText(), medium.path("node-name").asText()));
            }
        }
        return disks;
    }

    private static List<String> netdevs(Qmp qmp) throws IOException {
        Set<String> paths = new TreeSet<>(pluggable(qmp));
        addDevices(qmp, UNATTACHED, paths);
        List<String> netdevs = new ArrayList<>();
        for (String path : paths) {
            if (hasNetdev(qmp, path)) {
                netdevs.add(qmp.execute("qom-get", Map.of("path", path, "property", NETDEV))
                        .asText());
            }
        }
        // A device that is on none.
        netdevs.removeIf(String::isEmpty);
        return netdevs;
    }

    private static boolean hasNetdev(Qmp qmp, String path) throws IOException {
        for (JsonNode property : list(qmp, path)) {
            if (property.path("name").asText().equals(NETDEV)) {
                return true;
            }
        }
        return false;
    }

    private static JsonNode list(Qmp qmp, String path) throws IOException {
        return qmp.execute("qom-list", Map.of("path", path));
    }
}
