package io.lull.policy.fence;

import io.lull.policy.fence.FenceClaim.Kind;
import io.lull.policy.fence.FenceClaim.Party;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A backup as the worker is one. Its process may die and be started again, without its image, as long as it is none of the VM. */
final class WalkBackup {
    enum Side {
        BACKUP,
        CLAIMING,
        UNDECIDED,
        /** It has the VM, which doesn't run yet. */
        GRANTED,
        RUNNING,
        GIVING_BACK,
        FAILED
    }

    private final Mistake mistake;
    private final int number;
    private final Runs runs;
    private int life;
    private Side side = Side.BACKUP;
    private Set<UUID> committed = new HashSet<>();
    private Optional<UUID> session = Optional.empty();
    private long image;
    private long knownTerm;
    private long claims;
    private Optional<WalkClaim> ahead = Optional.empty();
    private Optional<WalkClaim> claim = Optional.empty();

    /** Hears that the VM runs here from an image. */
    interface Runs {
        void from(WalkBackup backup, long image);
    }

    WalkBackup(Mistake mistake, int number, Runs runs) {
        this.mistake = mistake;
        this.number = number;
        this.runs = runs;
    }

    Side side() {
        return side;
    }

    Optional<UUID> session() {
        return session;
    }

    Optional<WalkClaim> claim() {
        return claim;
    }

    long image() {
        return image;
    }

    /** Its process; once it runs the VM, that run's id. */
    Party self() {
        return new Party(new UUID(2, 1000L * number + life), FenceWalk.HOST);
    }

    boolean serves() {
        return side == Side.BACKUP && session.isEmpty();
    }

    void begin(UUID id) {
        session = Optional.of(id);
    }

    /** Whether the epoch is committed, and so acknowledged. */
    boolean commit(UUID of, long cut) {
        if (!session.equals(Optional.of(of)) || side != Side.BACKUP) {
            return false;
        }
        committed.add(of);
        image = cut;
        return true;
    }

    void lose() {
        session = Optional.empty();
    }

    boolean mayDie() {
        return side == Side.BACKUP || side == Side.CLAIMING || side == Side.UNDECIDED;
    }

    void dieAndStart() {
        life++;
        side = Side.BACKUP;
        committed = new HashSet<>();
        session = Optional.empty();
        image = 0;
        knownTerm = 0;
        ahead = Optional.empty();
        claim = Optional.empty();
    }

    boolean wantsToClaim() {
        boolean takes = side == Side.BACKUP && image > 0 && (session.isEmpty() || keepsSession());
        return claim.isEmpty() && (takes || side == Side.UNDECIDED || side == Side.GIVING_BACK);
    }

    private boolean keepsSession() {
        return mistake == Mistake.ACKNOWLEDGES_WHILE_CLAIMING;
    }

    /** How often it has decided to claim, ever. */
    long claims() {
        return claims;
    }

    void ask() {
        claims++;
        FenceClaim next =
                side == Side.GIVING_BACK ? FenceClaim.giveBack(self(), "walk") : WalkClaim.take(self(), committed);
        side = side == Side.BACKUP && !keepsSession() ? Side.CLAIMING : side;
        claim = Optional.of(begunAhead(next).orElseGet(() -> WalkClaim.of(mistake, next, knownTerm)));
        ahead = Optional.empty();
    }

    private Optional<WalkClaim> begunAhead(FenceClaim next) {
        Optional<WalkClaim> begun = ahead.filter(a -> a.at() == WalkClaim.At.AHEAD);
        begun.ifPresent(a -> a.goOn(next, knownTerm));
        return begun;
    }

    /** Whether it would begin its claim before it has one to make; one that it has begun may be void by now. */
    boolean mayBeginAhead() {
        return side == Side.BACKUP
                && claim.isEmpty()
                && !committed.isEmpty()
                && ahead.filter(WalkClaim::sends).isEmpty();
    }

    void beginAhead() {
        ahead = Optional.of(WalkClaim.ahead(mistake, WalkClaim.take(self(), committed), knownTerm));
    }

    Optional<WalkClaim> ahead() {
        return ahead;
    }

    /** Takes the outcome of a claim in. */
    void settle() {
        WalkClaim over = claim.orElseThrow();
        claim = Optional.empty();
        knownTerm = over.seenTerm();
        if (over.kind() == Kind.GIVE_BACK) {
            side = Side.FAILED;
            return;
        }
        switch (over.at()) {
            case GRANTED -> {
                side = Side.GRANTED;
                session = Optional.empty();
            }
            case DENIED -> side = Side.BACKUP;
            case UNANSWERED -> side = side == Side.UNDECIDED ? Side.UNDECIDED : Side.BACKUP;
            default -> side = Side.UNDECIDED;
        }
    }

    void run() {
        side = Side.RUNNING;
        runs.from(this, image);
    }

    /** The takeover fails, and nothing runs here. */
    void fail() {
        side = Side.GIVING_BACK;
    }
}
