package io.lull.worker.output;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.worker.qemu.Qmp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The gates that earlier workers left in a VM. Nobody is behind them, so that they drop what the guest sends, and that is
 * right: its backup may run the VM. So one is taken out only once another holds the guest's output in front of it, which a
 * filter does that was added later; whatever fails on the way leaves the guest mute, and never open.
 *
 * <p>The parts of gate n have ids that begin with a common name and {@code -n-}; those of versions that knew one gate alone
 * have no number.
 */
public final class EarlierGates {
    /** Gates that may stand in a VM at once; each worker leaves one, and takes the others out. */
    static final int MAX_GATES = 9;

    private static final List<String> FILTERS = List.of(GatePlacement.REDIRECT, GatePlacement.COPY);
    private static final List<String> DEVICES = List.of(GatePlacement.MIRROR, GatePlacement.IN, GatePlacement.OUT);

    private final Qmp qmp;
    private final String name;
    private final Set<String> prefixes;

    private EarlierGates(Qmp qmp, String name, Set<String> prefixes) {
        this.qmp = qmp;
        this.name = name;
        this.prefixes = prefixes;
    }

    /**
     * Looks for them.
     *
     * @param name that the ids of all gates begin with
     * @throws IOException when QEMU does not say
     */
    public static EarlierGates find(Qmp qmp, String name) throws IOException {
        return new EarlierGates(qmp, name, prefixes(qmp, name));
    }

    private static Set<String> prefixes(Qmp qmp, String name) throws IOException {
        Pattern devices = parts(name, DEVICES);
        Pattern filters = parts(name, FILTERS);
        Set<String> found = new TreeSet<>();
        for (JsonNode device : qmp.execute("query-chardev", Map.of())) {
            collect(devices, device.path("label").asText(), found);
        }
        for (JsonNode object : qmp.execute("qom-list", Map.of("path", "/objects"))) {
            collect(filters, object.path("name").asText(), found);
        }
        return found;
    }

    private static Pattern parts(String name, List<String> parts) {
        return Pattern.compile("(" + Pattern.quote(name) + "(?:-[1-9])?)-(?:" + String.join("|", parts) + ")");
    }

    private static void collect(Pattern ours, String id, Set<String> found) {
        Matcher matcher = ours.matcher(id);
        if (matcher.matches()) {
            found.add(matcher.group(1));
        }
    }

    /** Whether there is any part of one. */
    public boolean any() {
        return !prefixes.isEmpty();
    }

    /**
     * A number that none of them has.
     *
     * @throws IOException when all are in use
     */
    public int freeNumber() throws IOException {
        for (int number = 1; number <= MAX_GATES; number++) {
            if (!prefixes.contains(GatePlacement.prefix(name, number))) {
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
     * @throws IOException when a part is still there afterwards
     */
    public void remove() throws IOException {
        for (String prefix : prefixes) {
            FILTERS.forEach(part -> tryCommand("object-del", prefix + "-" + part));
            DEVICES.forEach(part -> tryCommand("chardev-remove", prefix + "-" + part));
        }
        List<String> left = new ArrayList<>(prefixes(qmp, name));
        left.retainAll(prefixes);
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
