package io.lull.worker.backup;

import io.lull.worker.protocol.OutputClaim;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Whether a VM may be run from the committed image: only while no output can have left that a later state gave rise to.
 *
 * <pre>
 *   FRESH --HELLO without a claim that covers the image, BYE--&gt; STALE(why)
 *     ^                                                            |
 *     +-----commit, HELLO with such a claim------------------------+
 * </pre>
 *
 * <p>A claim covers an image that the same worker committed, at the epoch of the claim or later. For the apply thread, but
 * for {@link #stale}. Nothing of it is kept over a restart, nor needed: the image isn't either.
 */
final class Freshness {
    private Optional<UUID> committedBy = Optional.empty();
    private Optional<UUID> talkingTo = Optional.empty();
    private volatile Optional<String> stale = Optional.empty();

    /**
     * A primary was admitted.
     *
     * @param committed the image's epoch, empty without one
     */
    void greeted(OutputClaim claim, OptionalLong committed) {
        talkingTo = Optional.of(claim.workerId());
        stale = committed.isEmpty() || covers(claim, committed.getAsLong())
                ? Optional.empty()
                : Optional.of("output may have left since epoch " + committed.getAsLong()
                        + " was committed, and the session after it did not come to a commit");
    }

    private boolean covers(OutputClaim claim, long committed) {
        return committedBy.equals(Optional.of(claim.workerId()))
                && claim.heldSinceEpoch().isPresent()
                && claim.heldSinceEpoch().getAsLong() <= committed;
    }

    /** The primary ended its session in peace, and may let output go from now on. */
    void tookLeave(String why) {
        stale = Optional.of("the primary took leave (" + why + "), and output may have left since");
    }

    /** An epoch of the session was committed. */
    void committed() {
        committedBy = talkingTo;
        stale = Optional.empty();
    }

    /** Why no VM may be run from the image; empty when one may. From any thread. */
    Optional<String> stale() {
        return stale;
    }
}
