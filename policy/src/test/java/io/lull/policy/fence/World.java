package io.lull.policy.fence;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All there is to a fence at one moment: what the arbiter holds, a primary, its backup, one that it left behind for that,
 * and a second run of the VM that somebody starts elsewhere. Once a backup's VM has a primary worker of its own, that is the
 * primary, and the one from which the VM was taken is the old one.
 *
 * <p>What clients have seen is counted in openings of the primary's gate: an image that was cut before the last opening is
 * older than what they have seen.
 *
 * @param last the newest record; its term is 1 throughout, since nothing is decided by terms
 * @param begun sessions so far
 * @param old from whom the primary's VM was taken; empty while it is the first
 * @param run the life of the backup that took the primary's VM; -1 while it is the first
 */
record World(
        Optional<FenceRecord> last,
        int begun,
        Primary primary,
        Backup backup,
        Optional<Backup> left,
        Second second,
        Optional<Primary> old,
        int run) {
    enum Step {
        /** Begun before it is decided that anything is claimed. */
        AHEAD,
        BEGUN,
        HOLDS,
        GRANTED,
        DENIED
    }

    /**
     * A claim under way.
     *
     * @param sessions what a PROTECT is for, and a TAKE quotes
     * @param current whether no other claim began since
     */
    record Claim(FenceClaim.Kind kind, Set<Integer> sessions, Step step, boolean current) {
        static Optional<Claim> begun(FenceClaim.Kind kind, Set<Integer> sessions) {
            return Optional.of(new Claim(kind, sessions, Step.BEGUN, true));
        }

        static Optional<Claim> ahead() {
            return Optional.of(new Claim(FenceClaim.Kind.TAKE, Set.of(), Step.AHEAD, true));
        }

        /** It is decided that this is claimed. */
        Claim goneOn(Set<Integer> quoted) {
            return new Claim(kind, quoted, Step.BEGUN, current);
        }

        Claim at(Step next) {
            return new Claim(kind, sessions, next, current);
        }

        Claim overtaken() {
            return new Claim(kind, sessions, step, false);
        }
    }

    enum Wish {
        NONE,
        ALONE,
        PROTECT
    }

    /**
     * What a primary has at the fence, as far as it knows, and what it asks.
     *
     * @param released the session whose acknowledged output may leave; 0 for none
     */
    record Standing(boolean alone, boolean fenced, Wish wish, int wished, int released) {
        Standing wishing(Wish next, int session) {
            return new Standing(alone, fenced, fenced ? Wish.NONE : next, fenced ? 0 : session, released);
        }

        Standing alone(boolean now) {
            return new Standing(now, fenced, wish, wished, released);
        }

        Standing releasing(int session) {
            return new Standing(alone, fenced, wish, wished, session);
        }
    }

    /**
     * The primary.
     *
     * @param passing whether all output leaves
     * @param heard whether output left that only the backup knows which came after the one that was left behind
     * @param cut how often the gate had been opened when the newest session's first epoch was cut; -1 before
     */
    record Primary(
            boolean alive,
            boolean passing,
            int openings,
            boolean heard,
            int session,
            int cut,
            Standing standing,
            Optional<Claim> claim,
            int crashes) {
        Primary with(Standing next) {
            return new Primary(alive, passing, openings, heard, session, cut, next, claim, crashes);
        }

        Primary asking(Optional<Claim> next) {
            return new Primary(alive, passing, openings, heard, session, cut, standing, next, crashes);
        }

        Primary in(int nextSession, int nextCut) {
            return new Primary(alive, passing, openings, heard, nextSession, nextCut, standing, claim, crashes);
        }

        Primary holding() {
            return new Primary(alive, false, openings, heard, session, cut, standing, claim, crashes);
        }

        Primary opening() {
            return passing
                    ? this
                    : new Primary(alive, true, openings + 1, heard, session, cut, standing, claim, crashes);
        }

        Primary beingHeard() {
            return new Primary(alive, passing, openings, true, session, cut, standing, claim, crashes);
        }
    }

    enum Side {
        BACKUP,
        CLAIMING,
        UNDECIDED,
        RUNNING,
        GIVING_BACK,
        FAILED
    }

    /**
     * The backup.
     *
     * @param life counts its processes
     * @param committed the sessions in which it committed
     * @param image the cut of what it would run; -1 without one
     */
    record Backup(Side side, int life, int session, Set<Integer> committed, int image, Optional<Claim> claim) {
        Backup at(Side next) {
            return new Backup(next, life, session, committed, image, Optional.empty());
        }

        Backup asking(Optional<Claim> next) {
            return new Backup(side, life, session, committed, image, next);
        }

        Backup in(int nextSession) {
            return new Backup(side, life, nextSession, committed, image, claim);
        }

        Backup committing(int cut) {
            Set<Integer> all = new TreeSet<>(committed);
            all.add(session);
            return new Backup(side, life, session, Set.copyOf(all), cut, claim);
        }
    }

    /** The second run; it dies when it is denied. */
    record Second(boolean alive, boolean passing, Optional<Claim> claim) {}

    static World initial(boolean secondRun) {
        Standing standing = new Standing(false, false, Wish.ALONE, 0, 0);
        return new World(
                Optional.empty(),
                0,
                new Primary(true, false, 0, false, 0, -1, standing, Optional.empty(), 0),
                new Backup(Side.BACKUP, 0, 0, Set.of(), -1, Optional.empty()),
                Optional.empty(),
                new Second(secondRun, false, Optional.empty()),
                Optional.empty(),
                -1);
    }

    /** A primary worker begins to serve the VM that the backup runs, holds its output for a start, and has a new backup. */
    World inherited() {
        Standing standing = new Standing(false, false, Wish.ALONE, 0, 0);
        return new World(
                last,
                begun,
                new Primary(true, false, 0, false, 0, -1, standing, Optional.empty(), 0),
                new Backup(Side.BACKUP, backup.life() + 1, 0, Set.of(), -1, Optional.empty()),
                left,
                second,
                Optional.of(primary),
                backup.life());
    }

    World with(Optional<FenceRecord> next) {
        return new World(next, begun, primary, backup, left, second, old, run);
    }

    World with(Primary next) {
        return new World(last, begun, next, backup, left, second, old, run);
    }

    World with(Backup next) {
        return new World(last, begun, primary, next, left, second, old, run);
    }

    World with(Second next) {
        return new World(last, begun, primary, backup, left, next, old, run);
    }

    World withLeft(Backup next) {
        return new World(last, begun, primary, backup, Optional.of(next), second, old, run);
    }

    World withOld(Primary next) {
        return new World(last, begun, primary, backup, left, second, Optional.of(next), run);
    }

    /** What is wrong; empty when nothing is. */
    Optional<String> wrong() {
        boolean runs = backup.side() == Side.RUNNING;
        if (old.filter(Primary::passing).isPresent()) {
            return Optional.of("the one from which the VM was taken speaks");
        }
        boolean leftRuns = left.filter(b -> b.side() == Side.RUNNING).isPresent();
        int speaking = (primary.passing() ? 1 : 0) + (runs ? 1 : 0) + (leftRuns ? 1 : 0) + (second.passing() ? 1 : 0);
        if (speaking > 1) {
            return Optional.of("two sides speak");
        }
        boolean leftIsOld = leftRuns && (primary.heard() || left.orElseThrow().image() != primary.openings());
        if (leftIsOld || runs && backup.image() != primary.openings()) {
            return Optional.of("the backup runs an image that clients have seen past");
        }
        return Optional.empty();
    }
}
