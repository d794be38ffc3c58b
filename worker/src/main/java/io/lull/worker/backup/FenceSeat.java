package io.lull.worker.backup;

import io.lull.policy.fence.FenceClaim;
import io.lull.worker.fence.Fence;
import java.util.UUID;

/**
 * A backup's place at its VM's fence.
 *
 * @param fence the arbiter
 * @param self this process
 */
public record FenceSeat(Fence fence, FenceClaim.Party self) {
    /** Whether what is granted here is known to the other side. */
    boolean isShared() {
        return fence.isShared();
    }

    /** The same place in the name of an earlier process of this backup, which is dead. */
    FenceSeat as(UUID claimant) {
        return new FenceSeat(fence, new FenceClaim.Party(claimant, self.hostId()));
    }
}
