package io.lull.worker.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Asks a QEMU which disks and netdevs its VM has; some two calls for each device. */
public final class DeviceQuery {
    /** Where devices are: with an id, without one, and made by QEMU itself, as for {@code -nic}. */
    private static final List<String> FOLDERS =
            List.of("/machine/peripheral", "/machine/peripheral-anon", "/machine/unattached");

    /** What else is there, much of it. */
    private static final Set<String> NO_DEVICES = Set.of("child<irq>", "child<memory-region>");

    private static final String FLASH = "/machine/system.flash";
    private static final String NETDEV = "netdev";

    private DeviceQuery() {}

    /** @throws IOException when QEMU does not answer */
    public static VmDevices ask(Qmp qmp) throws IOException {
        return new VmDevices(disks(qmp), netdevs(qmp));
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
        List<String> netdevs = new ArrayList<>();
        for (String folder : FOLDERS) {
            for (JsonNode child : list(qmp, folder)) {
                String type = child.path("type").asText();
                String path = folder + "/" + child.path("name").asText();
                if (type.startsWith("child<") && !NO_DEVICES.contains(type) && hasNetdev(qmp, path)) {
                    netdevs.add(qmp.execute("qom-get", Map.of("path", path, "property", NETDEV))
                            .asText());
                }
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
