package io.lull.policy.fence;

import java.util.Set;
import java.util.UUID;

/**
 * What one side asks of a VM's fence.
 *
 * @param kind what for
 * @param by who asks
 * @param sessions PROTECT: the one session with the backup; TAKE: all sessions in which the backup committed; else none
 * @param reason why, in one line
 */
public record FenceClaim(Kind kind, Party by, Set<UUID> sessions, String reason) {
    /** What can be asked. */
    public enum Kind {
        /** The primary wants to release output that no backup acknowledges. */
        GO_ALONE,
        /** The primary's backup has committed: from now on it may take over. */
        PROTECT,
        /** The primary's VM is off. */
        LEAVE,
        /** The backup wants to run the VM. */
        TAKE,
        /** The backup has taken the VM, and it doesn't run there after all. */
        GIVE_BACK,
        /** An operator's word that no VM of that name runs unwatched. */
        RESET
    }

    /**
     * Who asks.
     *
     * @param id of a primary its VM's run, of a backup its process; where a backup took the VM over, its id is the run's
     *     from then on
     * @param hostId its host: where a VM that goes off has its newest disk; else for people
     */
    public record Party(UUID id, String hostId) {}

    public FenceClaim {
        sessions = Set.copyOf(sessions);
        boolean fits =
                switch (kind) {
                    case PROTECT -> sessions.size() == 1;
                    case TAKE -> true;
                    case GO_ALONE, LEAVE, GIVE_BACK, RESET -> sessions.isEmpty();
                };
        if (!fits) {
            throw new IllegalArgumentException("a claim to " + kind + " can't name " + sessions.size() + " sessions");
        }
    }

    public static FenceClaim goAlone(Party run, String reason) {
        return new FenceClaim(Kind.GO_ALONE, run, Set.of(), reason);
    }

    public static FenceClaim protect(Party run, UUID session, String reason) {
        return new FenceClaim(Kind.PROTECT, run, Set.of(session), reason);
    }

    public static FenceClaim leave(Party run, String reason) {
        return new FenceClaim(Kind.LEAVE, run, Set.of(), reason);
    }

    public static FenceClaim take(Party backup, Set<UUID> sessions, String reason) {
        return new FenceClaim(Kind.TAKE, backup, sessions, reason);
    }

    public static FenceClaim giveBack(Party backup, String reason) {
        return new FenceClaim(Kind.GIVE_BACK, backup, Set.of(), reason);
    }

    public static FenceClaim reset(Party operator, String reason) {
        return new FenceClaim(Kind.RESET, operator, Set.of(), reason);
    }
}
