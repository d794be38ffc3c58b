package io.lull.worker.disk;

/**
 * An epoch can't have one record more. The guest writes more to its disk than is carried away: no bug, and a later try may succeed.
 * Unchecked, as it passes through those who know nothing of epochs.
 */
public final class EpochFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EpochFullException(String message) {
        super(message);
    }
}
