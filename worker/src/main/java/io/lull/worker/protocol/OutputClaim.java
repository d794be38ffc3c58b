package io.lull.worker.protocol;

import java.util.OptionalLong;
import java.util.UUID;

/**
 * What a primary claims of its VM's output when it says HELLO: from which state on nobody has seen anything of it.
 *
 * <p>A backup may run the VM from an image that this worker committed at that epoch or later. Without the claim an image
 * may be older than what clients have seen.
 *
 * @param workerId the worker's process, which counts its epochs from 1
 * @param heldSinceEpoch the last epoch whose output was released, when all output since then has been held without a
 *     break; empty when output has flowed, isn't captured, or nothing was released yet
 */
public record OutputClaim(UUID workerId, OptionalLong heldSinceEpoch) {
    public OutputClaim {
        if (heldSinceEpoch.orElse(0) < 0) {
            throw new IllegalArgumentException("heldSinceEpoch is " + heldSinceEpoch.getAsLong());
        }
    }

    void encode(BodyWriter out) {
        out.i64(workerId.getMostSignificantBits())
                .i64(workerId.getLeastSignificantBits())
                .u8(heldSinceEpoch.isPresent() ? 1 : 0)
                .i64(heldSinceEpoch.orElse(0));
    }

    static OutputClaim decode(BodyReader in) throws ProtocolException {
        UUID workerId = new UUID(in.i64(), in.i64());
        boolean held = in.u8() != 0;
        long epoch = in.size("epoch that output is held since");
        return new OutputClaim(workerId, held ? OptionalLong.of(epoch) : OptionalLong.empty());
    }
}
