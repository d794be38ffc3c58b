package io.lull.worker.output;

import io.lull.policy.Checks;
import java.util.regex.Pattern;

/**
 * Where a gate of plugs goes.
 *
 * @param tap the interface of the host that QEMU's netdev sends through
 * @param ifb the device that the gate makes for itself, and takes away again; not {@code ifb0} or {@code ifb1}, which the kernel
 *     makes when it loads the driver
 * @param maxHeldBytes about so much is held; see {@link PlugQueue}
 */
public record PlugPlace(String tap, String ifb, long maxHeldBytes) {
    /** What a device may be called, and no blank, quote or option can come of it in a command. */
    private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}");

    /** sch_plug counts with 32 bits, and adds the length of a frame. */
    private static final long MAX_BAND_BYTES = Integer.MAX_VALUE;

    public PlugPlace {
        device("network.tap", tap);
        device("network.ifb", ifb);
        if (tap.equals(ifb)) {
            throw new IllegalArgumentException("'network.ifb' is '" + ifb
                    + "', as 'network.tap' is: it is the name of a device that the worker makes");
        }
        Checks.positive("maxHeldBytes", maxHeldBytes);
        if (maxHeldBytes / PlugBands.COUNT > MAX_BAND_BYTES) {
            throw new IllegalArgumentException("'network.maxHeldMebibytes' must be at most "
                    + (MAX_BAND_BYTES >> 20) * PlugBands.COUNT + " with gate: plug");
        }
    }

    private static void device(String key, String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + key
                            + "' must be given in primary.yaml when 'network.gate' is plug: 'network.tap' names the host's"
                            + " interface of the VM's -netdev tap, 'network.ifb' a device that the worker may make, as lull-tap0");
        }
        if (!DEVICE.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'" + key + "' must be the name of a network device, up to 15 letters, digits,"
                            + " '.', '-' or '_', is '" + name + "'");
        }
    }

    /** The most that the frames of one epoch may have, or of more when epochs run together. */
    long bandBytes() {
        return Math.max(1, maxHeldBytes / PlugBands.COUNT);
    }

    /** What the ifb is marked with: whose output it holds. */
    String alias() {
        return "lull-gate-of-" + tap;
    }
}
