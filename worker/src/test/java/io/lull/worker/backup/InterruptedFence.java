package io.lull.worker.backup;

import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceRecord;
import io.lull.policy.fence.FenceRuling;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.FenceException;
import java.util.Optional;
import java.util.function.Supplier;

/** A fence whose claims to take the VM are decided and recorded, and interrupted before the answer is there. */
record InterruptedFence(Fence fence) implements Fence {
    @Override
    public FenceRuling claim(FenceClaim claim) throws FenceException, InterruptedException {
        FenceRuling ruling = fence.claim(claim);
        if (claim.kind() == FenceClaim.Kind.TAKE) {
            throw new InterruptedException("interrupted in a claim");
        }
        return ruling;
    }

    @Override
    public Optional<FenceRecord> look() throws FenceException, InterruptedException {
        return fence.look();
    }

    @Override
    public void expect(Supplier<Optional<FenceClaim>> next) {
        fence.expect(next);
    }

    @Override
    public Optional<FenceRecord> lastSeen() {
        return fence.lastSeen();
    }

    @Override
    public boolean isShared() {
        return fence.isShared();
    }

    @Override
    public void close() {
        fence.close();
    }
}
