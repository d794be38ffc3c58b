package io.lull.policy.fence;

import io.lull.policy.fence.FenceClaim.Party;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * One random run of a primary, two backups that it may have one after the other, a second run of the VM elsewhere, a broker
 * and the networks between them: messages come late, in any order, twice or never; workers and brokers die and return. Once
 * a backup runs the VM, that becomes a primary itself, with a third backup.
 */
final class FenceWalk {
    private static final int LEAST_SETTLING_STEPS = 5_000;
    private static final int MOST_SETTLING_STEPS = 200_000;

    /**
     * How seldom one that could claim begins to when all is well: a claim takes some tens of steps, and who had no luck
     * waits much longer than that before the next. Backups that asked at once again would overtake a primary for ever.
     */
    private static final int BACKS_OFF = 40;

    /** How seldom a backup begins a claim ahead. */
    private static final int AHEAD = 8;

    /** The backup that only the VM has which one of those before it took. */
    private static final int HEIRS_BACKUP = 2;

    private final Mistake mistake;
    private final SplittableRandom random;
    private final LogBroker broker;
    private final int stepsPerFault;
    private final List<WalkClaim.Request> requests = new ArrayList<>();
    private final List<Runnable> unreplicated = new ArrayList<>();
    private final List<Runnable> answers = new ArrayList<>();
    private final WalkPrimary primary;
    private final WalkPrimary second;
    /** The VM that a backup took, once a primary worker serves it. */
    private Optional<WalkPrimary> heir = Optional.empty();

    private final List<WalkLink> links = new ArrayList<>();
    private final List<WalkBackup> backups;
    private final List<String> speakers = new ArrayList<>();
    private boolean brokerUp = true;
    private boolean secondStarted;
    private boolean takerDied;
    private boolean takesAhead;
    /** One for all, so that a VM which went off may start anywhere: fewer are denied. */
    static final String HOST = "a";

    private boolean calm;
    private long heard;
    private long sessions;
    private Optional<String> wrong = Optional.empty();

    FenceWalk(Mistake mistake, long seed) {
        this.mistake = mistake;
        this.random = new SplittableRandom(seed);
        this.broker = new LogBroker(mistake, random);
        this.stepsPerFault = random.nextInt(5, 80);
        this.primary = new WalkPrimary(mistake, new Party(new UUID(1, 1), HOST), random.nextInt(4) > 0, memory -> {
            heard = Math.max(heard, memory);
            speaks("the primary");
        });
        this.second =
                new WalkPrimary(mistake, new Party(new UUID(1, 2), HOST), true, memory -> speaks("the second run"));
        this.backups = List.of(
                new WalkBackup(mistake, 1, this::runs),
                new WalkBackup(mistake, 2, this::runs),
                new WalkBackup(mistake, 3, this::runs));
        links.add(new WalkLink(primary, backups.subList(0, HEIRS_BACKUP), random, this::newSession));
    }

    private UUID newSession() {
        return new UUID(3, ++sessions);
    }

    /** A primary worker begins to serve the VM that a backup runs, and holds its output for a start. */
    private void inherit(WalkBackup taker) {
        String who = name(taker);
        WalkPrimary next = new WalkPrimary(mistake, taker.self(), random.nextInt(4) > 0, memory -> {
            heard = Math.max(heard, memory);
            speaks(who);
        });
        next.goesOnFrom(Math.max(heard, taker.image()));
        heir = Optional.of(next);
        links.add(new WalkLink(next, List.of(backups.get(HEIRS_BACKUP)), random, this::newSession));
    }

    private String name(WalkBackup backup) {
        return "backup " + backups.indexOf(backup);
    }

    private void speaks(String who) {
        if (!speakers.isEmpty() && speakers.get(speakers.size() - 1).equals(who)) {
            return;
        }
        if (speakers.contains(who)) {
            wrong = wrong.or(() -> Optional.of(who + " speaks after another: " + speakers));
        }
        speakers.add(who);
    }

    private void runs(WalkBackup backup, long image) {
        if (image < heard) {
            wrong = wrong.or(
                    () -> Optional.of("a backup runs an image of " + image + ", and clients have heard " + heard));
        }
        speaks(name(backup));
    }

    /** Runs so many random steps; what went wrong, empty when nothing did. */
    Optional<String> wander(int steps) {
        for (int i = 0; i < steps && wrong.isEmpty(); i++) {
            step();
        }
        return wrong;
    }

    /** Takes all faults away; what is wrong or stands still then, empty when nothing does. */
    Optional<String> settle() {
        calm = true;
        brokerUp = true;
        broker.hearsOfSuccessor();
        revive(primary);
        heir.ifPresent(FenceWalk::revive);
        int steps = 0;
        while (wrong.isEmpty()
                && (steps < LEAST_SETTLING_STEPS || steps < MOST_SETTLING_STEPS && still().isPresent())) {
            step();
            steps++;
        }
        return wrong.or(this::still);
    }

    private static void revive(WalkPrimary primary) {
        if (!primary.isUp() && !primary.isFenced() && !primary.isOff()) {
            primary.start();
        }
    }

    private Optional<String> still() {
        boolean runs = backups.stream().anyMatch(this::speaksItself);
        boolean heardOf = primaries().stream().anyMatch(p -> p.isPassing() || p.isReleasing());
        return runs || heardOf || isForAnOperator()
                ? Optional.empty()
                : Optional.of("nobody speaks for the VM: " + broker.newest());
    }

    /** Whether the VM was lost with its host, or a backup that could not run it: nobody has a right to speak for it. */
    boolean isForAnOperator() {
        return takerDied
                || primary.isOff()
                || heir.filter(WalkPrimary::isOff).isPresent()
                || backups.stream().anyMatch(b -> b.side() == WalkBackup.Side.FAILED);
    }

    /** Whether a backup runs the VM, and no primary worker has it in hand. */
    private boolean speaksItself(WalkBackup backup) {
        boolean inherited = heir.isPresent() && backups.indexOf(backup) < HEIRS_BACKUP;
        return backup.side() == WalkBackup.Side.RUNNING && !inherited;
    }

    /** Whether a takeover's claim was begun before it was decided. */
    boolean tookAhead() {
        return takesAhead && backups.stream().anyMatch(b -> b.side() == WalkBackup.Side.RUNNING);
    }

    boolean wasInherited() {
        return heir.filter(WalkPrimary::isHeard).isPresent();
    }

    private List<WalkPrimary> primaries() {
        List<WalkPrimary> all = new ArrayList<>(List.of(primary, second));
        heir.ifPresent(all::add);
        return all;
    }

    List<String> speakers() {
        return List.copyOf(speakers);
    }

    private void step() {
        if (!calm && random.nextInt(stepsPerFault) == 0) {
            fault();
        } else {
            progress();
        }
    }

    private void progress() {
        switch (random.nextInt(16)) {
            case 0, 1 -> work();
            case 2, 3 -> claims();
            case 4, 5 -> deliver(requests, this::atBroker);
            case 6, 7 -> deliver(answers, Runnable::run);
            case 8, 9 -> replicate();
            case 10 -> settleClaims();
            case 11, 12 -> anyLink().protect();
            case 13 -> anyLink().arriveAtBackup();
            case 14 -> anyLink().arriveAtPrimary();
            default -> endsWaiting();
        }
    }

    private WalkLink anyLink() {
        return links.get(random.nextInt(links.size()));
    }

    private void fault() {
        switch (random.nextInt(9)) {
            case 0, 1 -> anyLink().isCut();
            case 2 -> brokerFault();
            case 3 -> primaryFault(heir.filter(h -> random.nextBoolean()).orElse(primary));
            case 4 -> backupFault();
            case 5 -> loseMessage();
            case 6 -> anyClaim().ifPresent(WalkClaim::giveUp);
            case 7 -> broker.compact();
            default -> rarely();
        }
    }

    private void work() {
        primary.work();
        if (secondStarted) {
            second.work();
        }
        heir.ifPresent(WalkPrimary::work);
        for (WalkBackup backup : backups) {
            if (speaksItself(backup)) {
                speaks(name(backup));
                if (heir.isEmpty() && random.nextInt(10) == 0) {
                    inherit(backup);
                }
            } else if (backup.side() == WalkBackup.Side.GRANTED && random.nextBoolean()) {
                finish(backup);
            }
        }
    }

    private void finish(WalkBackup backup) {
        if (!calm && random.nextInt(4) == 0) {
            backup.fail();
        } else {
            backup.run();
        }
    }

    private List<Optional<WalkClaim>> claimsNow() {
        List<Optional<WalkClaim>> all = new ArrayList<>();
        primaries().forEach(each -> all.add(each.claim()));
        backups.forEach(each -> all.add(each.claim()));
        backups.forEach(each -> all.add(each.ahead()));
        return all;
    }

    private Optional<WalkClaim> anyClaim() {
        List<Optional<WalkClaim>> all = claimsNow();
        return all.get(random.nextInt(all.size()));
    }

    private void claims() {
        if (calm && random.nextInt(BACKS_OFF) > 0) {
            return;
        }
        for (WalkPrimary each : primaries()) {
            boolean asks = each.equals(second) ? secondStarted : random.nextBoolean();
            if (asks && each.wantsToClaim()) {
                each.ask();
                each.claim().ifPresent(this::send);
            }
        }
        for (WalkBackup backup : backups) {
            // A backup whose primary is well mostly leaves it alone.
            boolean asks = random.nextInt(backup.side() == WalkBackup.Side.BACKUP ? 6 : 2) == 0;
            if (backup.wantsToClaim() && asks) {
                backup.ask();
                takesAhead |= backup.claim().filter(WalkClaim::wasAhead).isPresent();
                backup.claim().filter(WalkClaim::sends).ifPresent(this::send);
            } else if (backup.mayBeginAhead() && random.nextInt(AHEAD) == 0) {
                backup.beginAhead();
                backup.ahead().ifPresent(this::send);
            }
        }
    }

    private void send(WalkClaim claim) {
        requests.add(claim.request());
    }

    private void atBroker(WalkClaim.Request request) {
        if (brokerUp) {
            Runnable answer = request.at(broker);
            (mistake == Mistake.ANSWERS_TOO_EARLY ? answers : unreplicated).add(answer);
        }
    }

    /** Claims that got an answer send the next request. */
    private void replicate() {
        broker.mark();
        broker.replicate();
        answers.addAll(unreplicated);
        unreplicated.clear();
    }

    private <T> void deliver(List<T> from, java.util.function.Consumer<T> to) {
        if (from.isEmpty()) {
            return;
        }
        int which = random.nextInt(from.size());
        T message = from.get(which);
        boolean again = !calm && random.nextInt(2 * stepsPerFault) == 0;
        if (!again) {
            from.remove(which);
        }
        List<Optional<WalkClaim>> before = claimsNow();
        List<Optional<WalkClaim.At>> at =
                before.stream().map(c -> c.map(WalkClaim::at)).toList();
        to.accept(message);
        for (int i = 0; i < before.size(); i++) {
            Optional<WalkClaim> claim = before.get(i);
            if (claim.isPresent() && claim.get().sends() && !at.get(i).equals(claim.map(WalkClaim::at))) {
                send(claim.get());
            }
        }
    }

    private void settleClaims() {
        for (WalkPrimary each : primaries()) {
            each.claim().filter(WalkClaim::isOver).ifPresent(c -> each.settle());
        }
        for (WalkBackup backup : backups) {
            backup.claim().filter(WalkClaim::isOver).ifPresent(c -> backup.settle());
        }
    }

    /** A claimant that hears nothing gives up in the end. */
    private void endsWaiting() {
        if (requests.isEmpty() && answers.isEmpty() && unreplicated.isEmpty()) {
            claimsNow().forEach(claim -> claim.ifPresent(WalkClaim::giveUp));
            links.forEach(WalkLink::backupsNotice);
        }
    }

    private void brokerFault() {
        if (!brokerUp) {
            brokerUp = true;
            return;
        }
        unreplicated.clear();
        if (mistake == Mistake.UNCLEAN_ELECTION) {
            broker.crashUnclean();
        } else {
            broker.crash();
        }
        brokerUp = random.nextBoolean();
    }

    private void primaryFault(WalkPrimary which) {
        if (!which.isUp()) {
            if (random.nextBoolean()) {
                revive(which);
            }
        } else if (random.nextInt(4) == 0) {
            which.die();
        }
    }

    private void backupFault() {
        WalkBackup backup = backups.get(random.nextInt(backups.size()));
        if (backup.mayDie() && random.nextInt(4) == 0) {
            takerDied |= backup.side() != WalkBackup.Side.BACKUP;
            backup.dieAndStart();
        }
    }

    private void loseMessage() {
        List<?> from = random.nextBoolean() ? requests : answers;
        if (!from.isEmpty()) {
            from.remove(random.nextInt(from.size()));
        }
    }

    private void rarely() {
        switch (random.nextInt(6)) {
            case 0 -> secondStarted = true;
            case 2, 3 -> broker.hearsOfSuccessor();
            case 1 -> {
                WalkPrimary which = heir.orElse(primary);
                if (which.isUp() && random.nextInt(3) == 0) {
                    which.powerOff();
                }
            }
            default -> {}
        }
    }
}
