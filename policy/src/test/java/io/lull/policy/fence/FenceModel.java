package io.lull.policy.fence;

import io.lull.policy.fence.FenceClaim.Kind;
import io.lull.policy.fence.FenceClaim.Party;
import io.lull.policy.fence.World.Backup;
import io.lull.policy.fence.World.Claim;
import io.lull.policy.fence.World.Primary;
import io.lull.policy.fence.World.Second;
import io.lull.policy.fence.World.Side;
import io.lull.policy.fence.World.Standing;
import io.lull.policy.fence.World.Step;
import io.lull.policy.fence.World.Wish;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The steps that may follow a moment: of the primary, with go-on-unprotected, as {@code FencedOutput} does them, of the
 * backup as {@code Failover} does, and of who starts the VM again.
 *
 * <p>Between two steps of one anything else may happen, for any time: a claimant that sleeps is one that takes no step. A
 * claim that fails before its commit ends; after it, the answer may be lost, whether it counted or not.
 *
 * @param limits how much is explored
 * @param arbiter decides
 * @param givesUpFirst whether the primary gives ALONE up before it asks for PROTECT; without that it is broken
 * @param waits whether what a backup acknowledges waits until its session is recorded; without that it is broken
 */
record FenceModel(Limits limits, Arbiter arbiter, boolean givesUpFirst, boolean waits) {
    /**
     * At most so many sessions, openings of the primary's gate, crashes of each side, and backups one after the other.
     *
     * @param heirs whether the VM that a backup took may have a primary worker
     * @param ahead whether a backup may begin its claim before it has one to make
     */
    record Limits(int sessions, int openings, int crashes, int backups, boolean heirs, boolean ahead) {}

    List<World> next(World world) {
        List<World> next = new ArrayList<>();
        primary(world, false, next);
        if (world.old().isPresent()) {
            primary(world, true, next);
            oldSession(world, world.old().get(), next);
        }
        session(world, next);
        backup(world, world.backup(), next);
        world.left().ifPresent(b -> backup(world, b, next));
        second(world, next);
        if (limits.heirs() && world.old().isEmpty() && world.backup().side() == Side.RUNNING) {
            next.add(world.inherited());
        }
        next.removeIf(each -> each.primary().openings() > limits.openings());
        return next;
    }

    private static Primary primary(World world, boolean old) {
        return old ? world.old().orElseThrow() : world.primary();
    }

    /** The world with this in the place of its primary, or of the old one. */
    private static World replaced(World world, boolean old, Primary next) {
        return old ? world.withOld(next) : world.with(next);
    }

    /** Nobody is at the other end. */
    private static void oldSession(World world, Primary old, List<World> next) {
        if (old.session() > 0) {
            Primary lost = old.in(0, old.cut());
            next.add(world.withOld(
                    old.standing().alone()
                            ? lost.with(old.standing().wishing(Wish.NONE, 0)).opening()
                            : lost.with(old.standing().wishing(Wish.ALONE, 0))));
        }
    }

    private void primary(World world, boolean old, List<World> next) {
        Primary p = primary(world, old);
        if (!p.alive()) {
            // The gate of before is found: what is in it is held.
            Standing found = new Standing(false, false, Wish.ALONE, 0, 0);
            next.add(replaced(
                    world,
                    old,
                    new Primary(
                            true, false, p.openings(), p.heard(), 0, p.cut(), found, Optional.empty(), p.crashes())));
            return;
        }
        if (p.crashes() < limits.crashes()) {
            next.add(replaced(
                    world,
                    old,
                    new Primary(
                            false,
                            false,
                            p.openings(),
                            p.heard(),
                            0,
                            p.cut(),
                            p.standing(),
                            Optional.empty(),
                            p.crashes() + 1)));
        }
        if (p.claim().isPresent()) {
            primaryClaims(world, old, p.claim().get(), next);
        } else if (p.standing().wish() != Wish.NONE) {
            Kind kind = p.standing().wish() == Wish.ALONE ? Kind.GO_ALONE : Kind.PROTECT;
            Optional<Claim> claim =
                    Claim.begun(kind, kind == Kind.PROTECT ? Set.of(p.standing().wished()) : Set.of());
            World begun = Arbiter.begun(world);
            next.add(replaced(begun, old, primary(begun, old).asking(claim)));
        }
    }

    private void primaryClaims(World world, boolean old, Claim claim, List<World> next) {
        Primary p = primary(world, old);
        Party by = old ? Arbiter.RUN : Arbiter.run(world);
        if (claim.step() == Step.BEGUN) {
            next.add(replaced(world, old, p.asking(Optional.of(Arbiter.decided(world, by, claim)))));
            next.add(replaced(world, old, p.asking(Optional.empty())));
            return;
        }
        World done = arbiter.committed(world, by, claim);
        next.add(replaced(done, old, p.asking(Optional.empty())));
        if (arbiter.counts(claim)) {
            next.add(replaced(done, old, answered(p.asking(Optional.empty()), claim)));
        }
    }

    private static Primary answered(Primary p, Claim claim) {
        Standing s = p.standing();
        boolean goes = claim.kind() == Kind.GO_ALONE;
        boolean wished = goes
                ? s.wish() == Wish.ALONE
                : s.wish() == Wish.PROTECT && claim.sessions().contains(s.wished());
        if (claim.step() == Step.DENIED) {
            return p.holding().with(new Standing(false, true, Wish.NONE, 0, 0));
        }
        Standing told = new Standing(
                goes ? wished || s.wish() == Wish.NONE : !wished && s.alone(),
                s.fenced(),
                wished ? Wish.NONE : s.wish(),
                wished ? 0 : s.wished(),
                wished && !goes ? s.wished() : s.released());
        Primary knows = p.with(told);
        return goes && wished ? knows.opening() : knows;
    }

    private void session(World world, List<World> next) {
        Primary p = world.primary();
        Backup b = world.backup();
        boolean ready = p.alive() && !p.standing().fenced() && p.session() == 0;
        if (ready && b.side() == Side.BACKUP && b.session() == 0 && world.begun() < limits.sessions()) {
            int number = world.begun() + 1;
            Standing s = p.standing();
            Standing quiet = s.wish() == Wish.ALONE ? s.wishing(Wish.NONE, 0) : s;
            next.add(new World(
                    world.last(),
                    number,
                    p.in(number, -1).with(quiet),
                    b.in(number),
                    world.left(),
                    world.second(),
                    world.old(),
                    world.run()));
        }
        if (b.side() == Side.BACKUP && b.session() == 0 && p.session() == 0 && b.life() + 1 < limits.backups()) {
            Backup other = new Backup(Side.BACKUP, b.life() + 1, 0, Set.of(), -1, Optional.empty());
            next.add(new World(
                    world.last(), world.begun(), p, other, Optional.of(b), world.second(), world.old(), world.run()));
        }
        if (p.session() > 0 && p.cut() < 0) {
            next.add(world.with(p.holding().in(p.session(), p.openings())));
        }
        // What was sent may be committed, and what was acknowledged may be heard, after the other side has left.
        if (b.session() > 0 && b.session() == world.begun() && p.cut() >= 0) {
            next.add(world.with(b.committing(p.cut())));
        }
        if (p.session() > 0) {
            if (b.committed().contains(p.session()) && p.standing().wished() != p.session()) {
                Standing asks = p.standing().wishing(Wish.PROTECT, p.session());
                Standing gave = givesUpFirst ? asks.alone(false) : asks;
                boolean atOnce = p.standing().alone() || !waits;
                next.add(world.with(p.with(atOnce ? gave.releasing(p.session()) : gave)));
            }
            if (p.standing().released() == p.session() && world.left().isPresent()) {
                next.add(world.with(p.beingHeard()));
            }
            Primary lost = p.in(0, p.cut());
            next.add(world.with(
                    p.standing().alone()
                            ? lost.with(p.standing().wishing(Wish.NONE, 0)).opening()
                            : lost.with(p.standing().wishing(Wish.ALONE, 0))));
        }
        if (b.session() > 0) {
            next.add(world.with(b.in(0)));
        }
    }

    private void backup(World world, Backup b, List<World> next) {
        if (limits.backups() == 1
                && b.life() < limits.crashes()
                && (b.side() == Side.BACKUP || b.side() == Side.CLAIMING)) {
            next.add(world.with(new Backup(Side.BACKUP, b.life() + 1, 0, Set.of(), -1, Optional.empty())));
        }
        if (b.side() == Side.RUNNING) {
            next.add(replaced(world, b.at(Side.GIVING_BACK)));
        }
        boolean takes = b.side() == Side.BACKUP && b.image() >= 0 || b.side() == Side.UNDECIDED;
        boolean gives = b.side() == Side.GIVING_BACK;
        Optional<Claim> ahead = b.claim().filter(claim -> claim.step() == Step.AHEAD);
        if (b.claim().isPresent() && ahead.isEmpty()) {
            backupClaims(world, b, b.claim().get(), next);
        } else if (b.session() == 0 && (takes || gives)) {
            Backup asks = b.side() == Side.BACKUP ? b.at(Side.CLAIMING) : b;
            Optional<Claim> claim =
                    gives ? Claim.begun(Kind.GIVE_BACK, Set.of()) : Claim.begun(Kind.TAKE, b.committed());
            next.add(replaced(Arbiter.begun(world), asks.asking(claim)));
            ahead.ifPresent(begun -> next.add(replaced(world, asks.asking(Optional.of(begun.goneOn(b.committed()))))));
        }
        boolean beginsAhead = limits.ahead() && ahead.filter(Claim::current).isEmpty();
        if (b.side() == Side.BACKUP && b.image() >= 0 && beginsAhead) {
            next.add(replaced(Arbiter.begun(world), b.asking(Claim.ahead())));
        }
    }

    /** The world with this backup in place of the one of the same process. */
    private static World replaced(World world, Backup b) {
        return world.backup().life() == b.life() ? world.with(b) : world.withLeft(b);
    }

    private void backupClaims(World world, Backup b, Claim claim, List<World> next) {
        if (claim.step() == Step.BEGUN) {
            next.add(replaced(world, b.asking(Optional.of(Arbiter.decided(world, Arbiter.party(b), claim)))));
            next.add(replaced(world, b.at(b.side() == Side.CLAIMING ? Side.BACKUP : b.side())));
            return;
        }
        World done = arbiter.committed(world, Arbiter.party(b), claim);
        if (claim.kind() == Kind.GIVE_BACK) {
            next.add(replaced(done, b.at(Side.FAILED)));
            return;
        }
        next.add(replaced(done, b.at(Side.UNDECIDED)));
        if (arbiter.counts(claim)) {
            next.add(replaced(done, b.at(claim.step() == Step.DENIED ? Side.BACKUP : Side.RUNNING)));
        }
    }

    private void second(World world, List<World> next) {
        Second s = world.second();
        if (!s.alive() || s.passing()) {
            return;
        }
        if (s.claim().isEmpty()) {
            next.add(Arbiter.begun(world).with(new Second(true, false, Claim.begun(Kind.GO_ALONE, Set.of()))));
            return;
        }
        Claim claim = s.claim().get();
        if (claim.step() == Step.BEGUN) {
            Claim decided = Arbiter.decided(world, Arbiter.NEW_RUN, claim);
            next.add(world.with(new Second(true, false, Optional.of(decided))));
            next.add(world.with(new Second(true, false, Optional.empty())));
            return;
        }
        World done = arbiter.committed(world, Arbiter.NEW_RUN, claim);
        next.add(done.with(new Second(true, false, Optional.empty())));
        if (arbiter.counts(claim)) {
            boolean denied = claim.step() == Step.DENIED;
            next.add(done.with(new Second(!denied, !denied, Optional.empty())));
        }
    }
}
