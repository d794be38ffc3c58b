package io.lull.worker.backup;

import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.OutputClaim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * Whether a VM may be run from the committed image: only while no output can have left that a later state gave rise to, and the
 * image wasn't found to be another than the primary's memory.
 *
 * <pre>
 *   FRESH --HELLO without a claim that covers the image, BYE--&gt; STALE(why)
 *     ^                                                            |
 *     +-----commit, HELLO with such a claim------------------------+
 *
 *   RIGHT --verification finds another page than the primary has--&gt; WRONG(in that session)
 *     ^                                                                |
 *     +-----commit of a later session, no HELLO------------------------+
 * </pre>
 *
 * <p>It is fit while it is FRESH and RIGHT. A later session begins with the hashes of the whole image, made afresh from its memory,
 * and its first commit brings all that differs; what the same session commits after the finding doesn't.
 *
 * <p>A claim covers an image that the same worker committed, at the epoch of the claim or later. It is kept beside the image:
 * what a backup doesn't hear while its process is away, it wouldn't hear either while its connection is.
 *
 * @param committedBy the primary's worker whose epoch was committed last
 * @param talkingTo the worker that said HELLO last
 * @param session and its session
 * @param onLoss what it does when it loses its backup
 * @param sessions the newest in which an epoch was committed, oldest first
 * @param stale why the image is older than what clients may have seen; empty when it isn't
 * @param wrongIn the session in which the image was found to be another than the primary's memory; empty when it wasn't, or was set
 *     right since
 */
record Freshness(
        Optional<UUID> committedBy,
        Optional<UUID> talkingTo,
        Optional<UUID> session,
        Optional<OnBackupLoss> onLoss,
        List<UUID> sessions,
        Optional<String> stale,
        Optional<UUID> wrongIn) {
    /** With so many sessions after the one that the fence has recorded, a takeover is denied. */
    static final int MAX_SESSIONS = 64;

    /** Of a backup that has heard of nobody. */
    static final Freshness NEW = new Freshness(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty());

    Freshness {
        sessions = List.copyOf(sessions);
        if (sessions.size() > MAX_SESSIONS) {
            throw new IllegalArgumentException(sessions.size() + " sessions, limit " + MAX_SESSIONS);
        }
    }

    /**
     * After a primary was admitted.
     *
     * @param committed the image's epoch, empty without one
     */
    Freshness greeted(Hello hello, OptionalLong committed) {
        OutputClaim claim = hello.output();
        Optional<String> why = committed.isEmpty() || covers(claim, committed.getAsLong())
                ? Optional.empty()
                : Optional.of("output may have left since epoch " + committed.getAsLong()
                        + " was committed, and the session after it did not come to a commit");
        return new Freshness(
                committedBy,
                Optional.of(claim.workerId()),
                Optional.of(hello.sessionId()),
                Optional.of(hello.onBackupLoss()),
                sessions,
                why,
                wrongIn);
    }

    private boolean covers(OutputClaim claim, long committed) {
        return committedBy.equals(Optional.of(claim.workerId()))
                && claim.heldSinceEpoch().isPresent()
                && claim.heldSinceEpoch().getAsLong() <= committed;
    }

    /** After the primary ended its session in peace: it may let output go from now on. */
    Freshness tookLeave(String why) {
        return stale("the primary took leave (" + why + "), and output may have left since");
    }

    /** In a process that was started after the one that knew this: a primary that goes on without its backup has done so. */
    Freshness resumed() {
        boolean went = onLoss.equals(Optional.of(OnBackupLoss.GO_ON_UNPROTECTED)) && stale.isEmpty();
        return went ? stale("this backup was away, and its primary goes on without: output may have left since") : this;
    }

    private Freshness stale(String why) {
        return new Freshness(committedBy, talkingTo, session, onLoss, sessions, Optional.of(why), wrongIn);
    }

    /** After the image was compared with what the primary has, and is another. */
    Freshness foundWrong() {
        return new Freshness(committedBy, talkingTo, session, onLoss, sessions, stale, session);
    }

    /** After an epoch of the session was committed. */
    Freshness committed() {
        List<UUID> all = new ArrayList<>(sessions);
        session.filter(id -> !sessions.contains(id)).ifPresent(all::add);
        List<UUID> newest = all.subList(Math.max(0, all.size() - MAX_SESSIONS), all.size());
        Optional<UUID> wrongStill = wrongIn.filter(found -> session.equals(Optional.of(found)));
        return new Freshness(talkingTo, talkingTo, session, onLoss, newest, Optional.empty(), wrongStill);
    }

    /**
     * What a takeover would start from.
     *
     * @param committed the image's epoch, empty without one
     * @param broken why the image can't be used at all
     */
    FailoverRule.Basis basis(OptionalLong committed, Optional<String> broken) {
        Optional<String> unfit =
                committed.isEmpty() ? Optional.of("no epoch was committed yet; there is nothing to run") : unfit();
        return new FailoverRule.Basis(committed, broken.or(() -> unfit));
    }

    /** Why no VM may be run from the image; empty when one may. */
    private Optional<String> unfit() {
        return wrongIn.map(found -> "the image is not what the primary's memory was, as verification found in session "
                        + found + ", and no later session came to a commit")
                .or(() -> stale);
    }

    /**
     * The sessions as a claim quotes them. The image is as new as all that left since any of them that the fence has
     * recorded: a later session's output leaves only once that one is recorded in its place.
     */
    Set<UUID> quoted() {
        return Set.copyOf(sessions);
    }
}
