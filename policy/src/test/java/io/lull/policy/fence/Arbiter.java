package io.lull.policy.fence;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim.Kind;
import io.lull.policy.fence.FenceClaim.Party;
import io.lull.policy.fence.World.Backup;
import io.lull.policy.fence.World.Claim;
import io.lull.policy.fence.World.Second;
import io.lull.policy.fence.World.Step;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The arbiter's part in the steps of a claim: its transaction begins, it is decided by the newest record, it is committed;
 * a commit is void when another claim began meanwhile.
 *
 * @param fencing whether it is; without that the arbiter is broken
 */
record Arbiter(boolean fencing) {
    static final Party RUN = new Party(new UUID(1, 1), "a");
    static final Party NEW_RUN = new Party(new UUID(1, 2), "c");
    private static final VmId VM = new VmId("db");

    static Party party(Backup backup) {
        return new Party(new UUID(2, backup.life()), "b");
    }

    /** The primary of a world. */
    static Party run(World world) {
        return world.run() < 0 ? RUN : new Party(new UUID(2, world.run()), "b");
    }

    private static UUID session(int number) {
        return new UUID(3, number);
    }

    /** A claim begins: those under way are void from here on. */
    static World begun(World world) {
        return new World(
                world.last(),
                world.begun(),
                world.primary().asking(world.primary().claim().map(Claim::overtaken)),
                world.backup().asking(world.backup().claim().map(Claim::overtaken)),
                world.left().map(b -> b.asking(b.claim().map(Claim::overtaken))),
                new Second(
                        world.second().alive(),
                        world.second().passing(),
                        world.second().claim().map(Claim::overtaken)),
                world.old().map(p -> p.asking(p.claim().map(Claim::overtaken))),
                world.run());
    }

    private static FenceRuling rule(World world, Party by, Claim claim) {
        Set<UUID> sessions = claim.sessions().stream().map(Arbiter::session).collect(Collectors.toSet());
        FenceClaim asked =
                switch (claim.kind()) {
                    case GO_ALONE -> FenceClaim.goAlone(by, "");
                    case PROTECT -> FenceClaim.protect(by, sessions.iterator().next(), "");
                    case TAKE -> FenceClaim.take(by, sessions, "");
                    case GIVE_BACK -> FenceClaim.giveBack(by, "");
                    case LEAVE, RESET -> throw new IllegalStateException("not in this model");
                };
        return FenceRule.rule(VM, world.last(), asked, 0);
    }

    static Claim decided(World world, Party by, Claim claim) {
        FenceRuling ruling = rule(world, by, claim);
        return claim.at(!ruling.granted() ? Step.DENIED : ruling.isNew() ? Step.GRANTED : Step.HOLDS);
    }

    /** Whether a commit now is one; what was denied, or holds already, needs none. */
    boolean counts(Claim claim) {
        return claim.current() || claim.step() != Step.GRANTED || !fencing;
    }

    /** The record after a commit. */
    World committed(World world, Party by, Claim claim) {
        if (claim.step() != Step.GRANTED || !counts(claim)) {
            return world;
        }
        FenceRecord record = claim.current() ? rule(world, by, claim).record().orElseThrow() : late(by, claim);
        return world.with(Optional.of(new FenceRecord(
                VM, record.state(), 1, record.run(), record.session(), record.taker(), "", "", 0, record.barred())));
    }

    /** What a broken arbiter lets overwrite what stands. */
    private static FenceRecord late(Party by, Claim claim) {
        boolean taken = claim.kind() == Kind.TAKE;
        boolean alone = claim.kind() == Kind.GO_ALONE;
        return new FenceRecord(
                VM,
                taken ? FenceState.TAKEN : alone ? FenceState.ALONE : FenceState.PRIMARY_PROTECTED,
                1,
                Optional.of(alone ? by.id() : RUN.id()),
                alone
                        ? Optional.empty()
                        : Optional.of(session(claim.sessions().stream()
                                .mapToInt(Integer::intValue)
                                .max()
                                .orElse(1))),
                taken ? Optional.of(by.id()) : Optional.empty(),
                "",
                "",
                0);
    }
}
