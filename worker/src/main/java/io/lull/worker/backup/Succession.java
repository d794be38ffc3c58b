package io.lull.worker.backup;

import io.lull.policy.fence.FenceRecord;
import io.lull.worker.fence.Fence;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Whether the VM that an earlier process took over has become another's since this one started, as the fence has it: then there is
 * nothing left to refuse primaries for, and the next start makes a backup of this one again. From any thread.
 */
final class Succession {
    private final Optional<Taking> taking;
    private final Optional<Fence> fence;
    private final CompletableFuture<String> come = new CompletableFuture<>();

    /**
     * None is known yet.
     *
     * @param taking empty when no takeover stands in the way, or when it isn't known which one does
     * @param fence looks at its record by itself now and then; empty without one that both sides ask
     */
    Succession(Optional<Taking> taking, Optional<Fence> fence) {
        this.taking = taking;
        this.fence = fence;
    }

    /** Judges by what the fence has seen last, and asks nobody. */
    void look() {
        if (taking.isPresent() && !come.isDone()) {
            Optional<FenceRecord> newest = fence.flatMap(Fence::lastSeen);
            taking.get().successor(newest).ifPresent(come::complete);
        }
    }

    /** Completes with who has the VM. */
    CompletableFuture<String> come() {
        return come.copy();
    }
}
