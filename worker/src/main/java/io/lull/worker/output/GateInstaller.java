package io.lull.worker.output;

import io.lull.worker.qemu.Qmp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts a gate into a running VM by QMP, and takes it out again; the VM needs nothing on its command line but the netdev.
 *
 * <p>The order is: character devices, our connections to them, then the filters, as a filter whose device nobody is
 * connected to drops the guest's output. For one thread.
 */
public final class GateInstaller {
    private final Qmp qmp;
    private final GatePlacement placement;
    private final Deque<Step> undo = new ArrayDeque<>();

    /** Opens the gate's own end of the sockets, on which QEMU listens by then. */
    @FunctionalInterface
    public interface GateOpener {
        RedirectorGate open(GateSockets sockets) throws IOException;
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    public GateInstaller(Qmp qmp, GatePlacement placement) {
        this.qmp = qmp;
        this.placement = placement;
    }

    /**
     * Puts the gate in; output is held from then on.
     *
     * @throws IOException when a step fails; what was done before is undone, in reverse
     */
    public RedirectorGate install(GateOpener opener) throws IOException {
        if (!undo.isEmpty()) {
            throw new IllegalStateException("the gate is installed in netdev " + placement.netdev() + " already");
        }
        try {
            return addAll(opener);
        } catch (IOException | RuntimeException | Error e) {
            undoAll().forEach(e::addSuppressed);
            throw e;
        }
    }

    /**
     * Takes the gate out and closes it: the guest's output then flows unheld. To lose no frame, let the gate pass and
     * drain before.
     *
     * @throws IOException when steps failed, after all were tried
     */
    public void remove() throws IOException {
        List<IOException> failures = undoAll();
        if (!failures.isEmpty()) {
            IOException failure =
                    new IOException("the gate in netdev " + placement.netdev() + " was not removed whole");
            failures.forEach(failure::addSuppressed);
            throw failure;
        }
    }

    private RedirectorGate addAll(GateOpener opener) throws IOException {
        GateSockets sockets = placement.sockets();
        addCharacterDevice(placement.outId(), sockets.out());
        addCharacterDevice(placement.inId(), sockets.in());
        if (sockets.mirror().isPresent()) {
            addCharacterDevice(placement.mirrorId(), sockets.mirror().get());
        }
        RedirectorGate gate = opener.open(sockets);
        undo.push(gate::close);
        // QEMU names a filter's queue from the netdev's view: "tx" is towards the guest, "rx" is sent by it.
        if (sockets.mirror().isPresent()) {
            addFilter(
                    placement.mirrorFilterId(),
                    Map.of("qom-type", "filter-mirror", "queue", "tx", "outdev", placement.mirrorId()));
        }
        addFilter(
                placement.redirectFilterId(),
                Map.of(
                        "qom-type",
                        "filter-redirector",
                        "queue",
                        "rx",
                        "outdev",
                        placement.outId(),
                        "indev",
                        placement.inId()));
        return gate;
    }

    private void addCharacterDevice(String id, Path path) throws IOException {
        Map<String, ?> address = Map.of("type", "unix", "data", Map.of("path", path.toString()));
        Map<String, ?> socket = Map.of("addr", address, "server", true, "wait", false);
        qmp.execute("chardev-add", Map.of("id", id, "backend", Map.of("type", "socket", "data", socket)));
        undo.push(() -> qmp.execute("chardev-remove", Map.of("id", id)));
    }

    private void addFilter(String id, Map<String, ?> properties) throws IOException {
        Map<String, Object> arguments = new LinkedHashMap<>(properties);
        arguments.put("id", id);
        arguments.put("netdev", placement.netdev());
        arguments.put("vnet_hdr_support", placement.vnetHeader());
        qmp.execute("object-add", arguments);
        undo.push(() -> qmp.execute("object-del", Map.of("id", id)));
    }

    private List<IOException> undoAll() {
        List<IOException> failures = new ArrayList<>();
        while (!undo.isEmpty()) {
            try {
                undo.pop().run();
            } catch (IOException e) {
                failures.add(e);
            }
        }
        return failures;
    }
}
