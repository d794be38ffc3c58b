package io.lull.worker.backup;

import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.OutputClaim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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
    /** With so many sessions after the one that the fence has recorded, a takeover is denied. */
    static final int MAX_SESSIONS = 64;

    private Optional<UUID> committedBy = Optional.empty();
    private Optional<UUID> talkingTo = Optional.empty();
    private Optional<UUID> session = Optional.empty();
    private volatile List<UUID> sessions = List.of();
    private volatile Optional<String> stale = Optional.empty();

    /**
     * A primary was admitted.
     *
     * @param committed the image's epoch, empty without one
     */
    void greeted(Hello hello, OptionalLong committed) {
        OutputClaim claim = hello.output();
        session = Optional.of(hello.sessionId());
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
        session.filter(id -> !sessions.contains(id)).ifPresent(this::committedIn);
    }

    private void committedIn(UUID id) {
        List<UUID> all = new ArrayList<>(sessions);
        all.add(id);
        sessions = List.copyOf(all.subList(Math.max(0, all.size() - MAX_SESSIONS), all.size()));
    }

    /**
     * The newest sessions in which an epoch was committed. The image is as new as all that left since any of them that the
     * fence has recorded: a later session's output leaves only once that one is recorded in its place. From any thread.
     */
    Set<UUID> sessions() {
        return Set.copyOf(sessions);
    }

    /** Why no VM may be run from the image; empty when one may. From any thread. */
    Optional<String> stale() {
        return stale;
    }
}
