package io.lull.worker.output;

import io.lull.policy.Checks;

/** A number of packets and their size in bytes. */
public record Traffic(long packets, long bytes) {
    public static final Traffic NONE = new Traffic(0, 0);

    public Traffic {
        Checks.notNegative("packets", packets);
        Checks.notNegative("bytes", bytes);
    }

    Traffic plus(Traffic other) {
        return new Traffic(packets + other.packets, bytes + other.bytes);
    }
}
