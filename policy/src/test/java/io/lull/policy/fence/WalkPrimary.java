package io.lull.policy.fence;

import io.lull.policy.fence.FenceClaim.Kind;
import io.lull.policy.fence.FenceClaim.Party;
import java.util.Optional;
import java.util.UUID;

/**
 * A primary as the worker is one, with its VM's memory as a number that grows: what was said at a number is known to every
 * later one. Its worker may die and be started again at the same QEMU.
 */
final class WalkPrimary {
    private enum Wish {
        NONE,
        ALONE,
        PROTECT,
        LEAVE
    }

    private final Mistake mistake;
    private final Party run;
    private final boolean goesOn;
    private final Speech speech;

    private long memory = 1;
    private boolean heard;
    private boolean off;
    private boolean fenced;
    private boolean up = true;
    private boolean passing;
    private boolean alone;
    private Wish wish;
    private Optional<UUID> wished = Optional.empty();
    private Optional<UUID> session = Optional.empty();
    private boolean asked;
    private boolean mayRelease;
    private long acknowledged;
    private long knownTerm;
    private Optional<WalkClaim> claim = Optional.empty();

    /** Hears what a side says to clients. */
    interface Speech {
        void said(long memory);
    }

    /**
     * A new VM.
     *
     * @param goesOn whether it goes on unprotected when its backup is lost
     */
    WalkPrimary(Mistake mistake, Party run, boolean goesOn, Speech speech) {
        this.mistake = mistake;
        this.run = run;
        this.goesOn = goesOn;
        this.speech = speech;
        this.wish = Wish.ALONE;
    }

    /** It is a VM that runs already, from a memory that a backup took over. */
    void goesOnFrom(long taken) {
        memory = taken + 1;
    }

    /** Whether anything of it has left. */
    boolean isHeard() {
        return heard;
    }

    boolean isUp() {
        return up && !off && !fenced;
    }

    boolean isFenced() {
        return fenced;
    }

    boolean isOff() {
        return off && wish == Wish.NONE;
    }

    boolean isPassing() {
        return passing;
    }

    /** Whether what its backup acknowledges leaves. */
    boolean isReleasing() {
        return session.isPresent() && mayRelease;
    }

    Optional<UUID> session() {
        return session;
    }

    Optional<WalkClaim> claim() {
        return claim;
    }

    /** The guest computes, and says so where its output passes. */
    void work() {
        if (!off) {
            memory++;
            if (passing) {
                say(memory);
            }
        }
    }

    private void say(long known) {
        heard = true;
        speech.said(known);
    }

    /** The worker is killed: nothing leaves any more, and nothing that it knew is known. */
    void die() {
        up = false;
        passing = false;
        alone = false;
        claim = Optional.empty();
        wish = Wish.NONE;
        wished = Optional.empty();
        knownTerm = 0;
        sessionOver();
    }

    /** It finds the gate of the one before: all is held until a backup is there, or where it goes on, the fence grants it. */
    void start() {
        up = true;
        wish = goesOn ? Wish.ALONE : Wish.NONE;
    }

    /** The guest powers off. */
    void powerOff() {
        off = true;
        passing = false;
        alone = false;
        sessionOver();
        wish = fenced ? Wish.NONE : Wish.LEAVE;
    }

    void begin(UUID id) {
        session = Optional.of(id);
        asked = false;
        mayRelease = false;
        acknowledged = 0;
        wish = wish == Wish.ALONE ? Wish.NONE : wish;
    }

    /** An epoch ends: what was said so far was said, and from now on all is held. */
    long cut() {
        passing = false;
        return memory;
    }

    /**
     * The backup holds an epoch.
     *
     * @param late whether the backup may have taken over since it said so: the worker takes one that is half a second old for that
     */
    void acknowledged(UUID of, long cut, boolean late) {
        if (!session.equals(Optional.of(of)) || !isUp()) {
            return;
        }
        acknowledged = Math.max(acknowledged, cut);
        if (!asked) {
            asked = true;
            mayRelease = alone || mistake == Mistake.RELEASES_UNRECORDED;
            alone = alone && mistake == Mistake.GIVES_UP_TOO_LATE;
            wish = Wish.PROTECT;
            wished = Optional.of(of);
        } else if (late && mayRelease) {
            mayRelease = false;
            wish = Wish.PROTECT;
            wished = Optional.of(of);
        }
        release();
    }

    private void release() {
        if (mayRelease && acknowledged > 0) {
            say(acknowledged);
        }
    }

    private void sessionOver() {
        session = Optional.empty();
        mayRelease = false;
    }

    /** The session is over, whoever ended it. */
    void lose() {
        sessionOver();
        if (!goesOn || !isUp()) {
            return;
        }
        if (alone) {
            wish = Wish.NONE;
            passing = true;
        } else {
            wish = Wish.ALONE;
        }
    }

    boolean wantsToClaim() {
        return up && claim.isEmpty() && wish != Wish.NONE && !fenced;
    }

    void ask() {
        FenceClaim next =
                switch (wish) {
                    case ALONE -> FenceClaim.goAlone(run, "walk");
                    case PROTECT -> FenceClaim.protect(run, wished.orElseThrow(), "walk");
                    case LEAVE -> FenceClaim.leave(run, "walk");
                    case NONE -> throw new IllegalStateException("nothing is wished");
                };
        claim = Optional.of(WalkClaim.of(mistake, next, knownTerm));
    }

    /** Takes the outcome of a claim in. */
    void settle() {
        WalkClaim over = claim.orElseThrow();
        claim = Optional.empty();
        knownTerm = over.seenTerm();
        if (over.at() == WalkClaim.At.DENIED) {
            fenced = true;
            passing = false;
            alone = false;
            wish = Wish.NONE;
            sessionOver();
        } else if (over.at() == WalkClaim.At.GRANTED) {
            granted(over.claim());
        }
    }

    private void granted(FenceClaim of) {
        boolean current =
                switch (of.kind()) {
                    case GO_ALONE -> wish == Wish.ALONE;
                    case PROTECT ->
                        wish == Wish.PROTECT && of.sessions().equals(java.util.Set.of(wished.orElseThrow()));
                    default -> wish == Wish.LEAVE;
                };
        if (of.kind() == Kind.GO_ALONE && (current || wish == Wish.NONE)) {
            alone = true;
            passing |= current;
        }
        if (of.kind() == Kind.PROTECT && current) {
            alone = false;
            mayRelease |= session.filter(of.sessions()::contains).isPresent();
            release();
        }
        wish = current ? Wish.NONE : wish;
    }
}
