package io.lull.worker.primary;

import io.lull.worker.config.SourceChoice;
import java.util.List;

/**
 * Decides by which source a VM is captured, or that it can't be.
 *
 * <p>COLO is first where both can: its pause doesn't grow with the guest's memory, and it takes no copy of that.
 *
 * @param againstColo why it can't be captured by COLO, a line a reason; empty when it can
 * @param againstSharedMemory the same of shared memory
 */
record SourceRule(List<String> againstColo, List<String> againstSharedMemory) {
    SourceRule {
        againstColo = List.copyOf(againstColo);
        againstSharedMemory = List.copyOf(againstSharedMemory);
    }

    /** What was decided. */
    enum Verdict {
        COLO,
        SHARED_MEMORY,
        REFUSED
    }

    Verdict verdict(SourceChoice asked) {
        if (asked != SourceChoice.SHARED_MEMORY && againstColo.isEmpty()) {
            return Verdict.COLO;
        }
        if (asked != SourceChoice.COLO && againstSharedMemory.isEmpty()) {
            return Verdict.SHARED_MEMORY;
        }
        return Verdict.REFUSED;
    }

    /** In one line why it is refused, or why it isn't the other source. */
    String why(SourceChoice asked) {
        return switch (asked) {
            case COLO -> said("colo", againstColo);
            case SHARED_MEMORY -> said("shared-memory", againstSharedMemory);
            case AUTO ->
                againstColo.isEmpty() || againstSharedMemory.isEmpty()
                        ? String.join("; ", againstColo)
                        : "not by COLO: " + String.join("; ", againstColo) + ". Nor from shared memory: "
                                + String.join("; ", againstSharedMemory);
        };
    }

    private static String said(String source, List<String> against) {
        return against.isEmpty() ? "'source' says " + source : String.join("; ", against);
    }
}
