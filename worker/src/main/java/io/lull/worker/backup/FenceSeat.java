package io.lull.worker.backup;

import io.lull.policy.fence.FenceClaim;
import io.lull.worker.fence.Fence;

/**
 * A backup's place at its VM's fence.
 *
 * @param fence the arbiter
 * @param self this process
 */
public record FenceSeat(Fence fence, FenceClaim.Party self) {}
