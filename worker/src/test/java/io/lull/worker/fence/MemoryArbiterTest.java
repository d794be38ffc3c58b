package io.lull.worker.fence;

import io.lull.policy.VmId;

class MemoryArbiterTest extends FenceContract {
    private final MemoryArbiter arbiter = new MemoryArbiter(new VmId("db"));

    @Override
    protected Fence fence() {
        return arbiter.fence();
    }

    @Override
    protected int races() {
        return 2_000;
    }
}
