package io.lull.worker.fence;

import org.jspecify.annotations.Nullable;

/** A claim without a ruling; the message says in one line why and what to do. */
public final class FenceException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean inDoubt;

    /**
     * There is no ruling.
     *
     * @param inDoubt whether the claim may have been granted and recorded all the same
     */
    public FenceException(String message, boolean inDoubt, @Nullable Throwable cause) {
        super(message, cause);
        this.inDoubt = inDoubt;
    }

    /** Whether the claim may have been granted all the same; asking again tells. */
    public boolean inDoubt() {
        return inDoubt;
    }
}
