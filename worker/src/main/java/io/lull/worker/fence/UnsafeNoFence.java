package io.lull.worker.fence;

import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceRecord;
import io.lull.policy.fence.FenceRuling;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Grants everything to the backup that has it, and asks nobody.
 *
 * <p>Unsafe: when the hosts lose each other but not their clients, a primary that goes on without a backup and a backup
 * that takes over both run the VM and both answer. For two bare hosts whose operator accepts that.
 */
public final class UnsafeNoFence implements Fence {
    /** What a backup with it says of itself, at its start and in its status. */
    public static final String WARNING =
            "UNSAFE: no fence is asked before a takeover. When the hosts lose each other but"
                    + " not their clients, two VMs answer. `fence: kafka` on both sides keeps them from that";

    @Override
    public FenceRuling claim(FenceClaim claim) {
        return new FenceRuling(true, Optional.empty(), false, "no fence: everything is granted");
    }

    @Override
    public Optional<FenceRecord> look() {
        return Optional.empty();
    }

    @Override
    public void expect(Supplier<Optional<FenceClaim>> next) {}

    @Override
    public Optional<FenceRecord> lastSeen() {
        return Optional.empty();
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public void close() {}
}
