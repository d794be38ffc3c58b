package io.lull.worker.output;

import io.lull.policy.Checks;

/**
 * How a gate is run.
 *
 * @param vnetHeader whether the filters were made with {@code vnet_hdr_support=on}
 * @param maxHeldBytes frames that don't fit in this any more, held and leaving ones counted, are dropped
 */
public record GateConfig(boolean vnetHeader, long maxHeldBytes) {
    /** The bound unless told otherwise. */
    public static final long DEFAULT_MAX_HELD_BYTES = 256L << 20;

    /** With vnet headers, 256 MiB. */
    public static final GateConfig DEFAULT = new GateConfig(true, DEFAULT_MAX_HELD_BYTES);

    public GateConfig {
        Checks.positive("maxHeldBytes", maxHeldBytes);
    }
}
