package io.lull.worker.output;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.worker.qemu.Qmp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The gates that earlier workers left in a VM. Nobody is behind them, so that they let out nothing that the guest sends, and
 * that is right: its backup may run the VM. So one is taken out only once another holds the guest's output in front of it, which
 * a filter does that was added later, or behind it, as plugs do; whatever fails on the way leaves the guest mute, and never open.
 *
 * <p>A gate of buffers still holds output, of epochs that this worker knows nothing of: a wall is put in at the network's side
 * while its buffers are deleted, so that they drop it.
 *
 * <p>The parts of gate n have ids that begin with a common name and {@code -n-}; those of versions that knew one gate alone
 * have no number.
 */
public final class EarlierGates {
    /** Gates that may stand in a VM at once; each worker leaves one, and takes the others out. */
    static final int MAX_GATES = 9;

    /** The wall that is there while gates are taken out, and what it writes to. */
    private static final String STOP = "stop";

    private static final String STOP_SINK = "stopsink";

    private final Qmp qmp;
    private final String name;
    private final List<Part> parts;

    /** What a part is, in the order in which parts are taken out. */
    private enum Kind {
        BUFFERS(FilterBuffers.BUFFER + "-[0-9]+", false),
        WALLS(FilterBuffers.WALL + "-[0-9]+", false),
        REDIRECTORS(GatePlacement.REDIRECT, false),
        MIRRORS(GatePlacement.COPY, false),
        STOPS(STOP, false),
        DEVICES(
                String.join("|", GatePlacement.MIRROR, GatePlacement.IN, GatePlacement.OUT, STOP_SINK) + "|"
                        + FilterBuffers.SINK + "-[0-9]+",
                true);

        private final String ending;
        private final boolean device;

        Kind(String ending, boolean device) {
            this.ending = ending;
            this.device = device;
        }

        Pattern ids(String name) {
            return Pattern.compile("(" + Pattern.quote(name) + "(?:-[1-9])?)-(?:" + ending + ")");
        }
    }

    /** @param prefix of the gate that it is of */
    private record Part(Kind kind, String prefix, String id) {}

    private EarlierGates(Qmp qmp, String name, List<Part> parts) {
        this.qmp = qmp;
        this.name = name;
        this.parts = parts;
    }

    /**
     * Looks for them.
     *
     * @param name that the ids of all gates begin with
     * @throws IOException when QEMU does not say
     */
    public static EarlierGates find(Qmp qmp, String name) throws IOException {
        return new EarlierGates(qmp, name, parts(qmp, name));
    }

    private static List<Part> parts(Qmp qmp, String name) throws IOException {
        List<Part> found = new ArrayList<>();
        JsonNode devices = qmp.execute("query-chardev", Map.of());
        JsonNode objects = qmp.execute("qom-list", Map.of("path", "/objects"));
        for (Kind kind : Kind.values()) {
            Pattern ours = kind.ids(name);
            for (JsonNode each : kind.device ? devices : objects) {
                String id = each.path(kind.device ? "label" : "name").asText();
                Matcher matcher = ours.matcher(id);
                if (matcher.matches()) {
                    found.add(new Part(kind, matcher.group(1), id));
                }
            }
        }
        found.sort(Comparator.comparing(Part::kind));
        return found;
    }

    /** Whether there is any part of one. */
    public boolean any() {
        return !parts.isEmpty();
    }

    private Set<String> prefixes() {
        return parts.stream().map(Part::prefix).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * A number that none of them has.
     *
     * @throws IOException when all are in use
     */
    public int freeNumber() throws IOException {
        for (int number = 1; number <= MAX_GATES; number++) {
            if (!prefixes().contains(GatePlacement.prefix(name, number))) {
                return number;
            }
        }
        throw new IOException(
                MAX_GATES + " output gates of earlier workers are in this VM, and none could be taken out;"
                        + " take objects and character devices named " + name + "-* out by QMP");
    }

    /**
     * Takes them out; to be called when another gate holds the guest's output.
     *
     * @param netdev that they are in
     * @throws IOException when a part is still there afterwards
     */
    public void remove(String netdev) throws IOException {
        boolean holds = parts.stream().anyMatch(part -> part.kind() == Kind.BUFFERS);
        // That of a worker that died on the way is as good, and is taken out last.
        boolean stops = parts.stream().anyMatch(part -> part.kind() == Kind.STOPS);
        String prefix = holds ? parts.get(0).prefix() : "";
        if (holds && !stops) {
            tryCommand("chardev-remove", prefix + "-" + STOP_SINK);
            FilterBuffers.addSink(qmp, prefix + "-" + STOP_SINK);
            FilterBuffers.addWall(
                    qmp, prefix + "-" + STOP, netdev, prefix + "-" + STOP_SINK, Map.of("position", "head"));
        }
        for (Part part : parts) {
            if (part.kind() == Kind.BUFFERS) {
                // While one stays, what it holds must not lose its walls.
                qmp.execute("object-del", Map.of("id", part.id()));
            } else {
                tryCommand(part.kind().device ? "chardev-remove" : "object-del", part.id());
            }
        }
        if (holds && !stops) {
            tryCommand("object-del", prefix + "-" + STOP);
            tryCommand("chardev-remove", prefix + "-" + STOP_SINK);
        }
        Set<String> earlier = prefixes();
        List<String> left = parts(qmp, name).stream()
                .map(Part::prefix)
                .filter(earlier::contains)
                .distinct()
                .toList();
        if (!left.isEmpty()) {
            throw new IOException("the output gates of earlier workers can't be taken out of this VM: " + left);
        }
    }

    private void tryCommand(String command, String id) {
        try {
            qmp.execute(command, Map.of("id", id));
        } catch (IOException e) {
            // QEMU has no such part, which is ordinary; what is still there shows afterwards.
            return;
        }
    }
}
