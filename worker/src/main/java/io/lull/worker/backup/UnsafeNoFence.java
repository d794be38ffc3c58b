package io.lull.worker.backup;

import io.lull.policy.VmId;

/**
 * Grants everything.
 *
 * <p>Unsafe: when the hosts lose each other but not their clients, a primary that goes on without a backup and a backup
 * that takes over both run the VM and both answer. For two bare hosts whose operator accepts that.
 */
public final class UnsafeNoFence implements Fence {
    @Override
    public boolean mayTakeOver(VmId vm, long epoch) {
        return true;
    }
}
