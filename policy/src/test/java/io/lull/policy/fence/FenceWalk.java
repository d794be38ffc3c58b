package io.lull.policy.fence;

import io.lull.policy.fence.FenceClaim.Party;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * One random run of a primary, two backups that it may have one after the other, a second run of the VM elsewhere, a broker
 * and the networks between them: messages come late, in any order, twice or never; workers and brokers die and return.
 */
final class FenceWalk {
    private static final int LEAST_SETTLING_STEPS = 5_000;
    private static final int MOST_SETTLING_STEPS = 200_000;

    /**
     * How seldom one that could claim begins to when all is well: a claim takes some tens of steps, and who had no luck
     * waits much longer than that before the next. Backups that asked at once again would overtake a primary for ever.
     */
    private static final int BACKS_OFF = 40;

    private final Mistake mistake;
    private final SplittableRandom random;
    private final LogBroker broker;
    private final int stepsPerFault;
    private final List<WalkClaim.Request> requests = new ArrayList<>();
    private final List<Runnable> unreplicated = new ArrayList<>();
    private final List<Runnable> answers = new ArrayList<>();
    private final Deque<Runnable> toBackup = new ArrayDeque<>();
    private final Deque<Runnable> toPrimary = new ArrayDeque<>();
    private final WalkPrimary primary;
    private final WalkPrimary second;
    private final List<WalkBackup> backups;
    private final List<String> speakers = new ArrayList<>();
    private boolean brokerUp = true;
    private boolean secondStarted;
    private boolean takerDied;
    private boolean calm;
    private long heard;
    private int sessions;
    private Optional<String> wrong = Optional.empty();

    FenceWalk(Mistake mistake, long seed) {
        this.mistake = mistake;
        this.random = new SplittableRandom(seed);
        this.broker = new LogBroker(mistake);
        this.stepsPerFault = random.nextInt(5, 80);
        this.primary = new WalkPrimary(mistake, new Party(new UUID(1, 1), "a"), random.nextInt(4) > 0, memory -> {
            heard = Math.max(heard, memory);
            speaks("the primary");
        });
        this.second =
                new WalkPrimary(mistake, new Party(new UUID(1, 2), "c"), true, memory -> speaks("the second run"));
        this.backups = List.of(new WalkBackup(mistake, 1, this::runs), new WalkBackup(mistake, 2, this::runs));
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
        speaks("backup " + backups.indexOf(backup));
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
        if (!primary.isUp() && !primary.isFenced() && !primary.isOff()) {
            primary.start();
        }
        int steps = 0;
        while (wrong.isEmpty()
                && (steps < LEAST_SETTLING_STEPS || steps < MOST_SETTLING_STEPS && still().isPresent())) {
            step();
            steps++;
        }
        return wrong.or(this::still);
    }

    private Optional<String> still() {
        boolean runs = backups.stream().anyMatch(b -> b.side() == WalkBackup.Side.RUNNING);
        boolean heardOf = primary.isPassing() || primary.isReleasing() || second.isPassing();
        return runs || heardOf || isForAnOperator()
                ? Optional.empty()
                : Optional.of("nobody speaks for the VM: " + broker.read());
    }

    /** Whether the VM was lost with its host, or a backup that could not run it: nobody has a right to speak for it. */
    boolean isForAnOperator() {
        return takerDied || primary.isOff() || backups.stream().anyMatch(b -> b.side() == WalkBackup.Side.FAILED);
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
            case 11, 12 -> protect();
            case 13 -> inOrder(toBackup);
            case 14 -> inOrder(toPrimary);
            default -> endsWaiting();
        }
    }

    private void fault() {
        switch (random.nextInt(9)) {
            case 0, 1 -> sessionFault();
            case 2 -> brokerFault();
            case 3 -> primaryFault();
            case 4 -> backupFault();
            case 5 -> loseMessage();
            case 6 -> claimsNow().get(random.nextInt(4)).ifPresent(WalkClaim::giveUp);
            case 7 -> broker.compact(random);
            default -> rarely();
        }
    }

    private void work() {
        primary.work();
        if (secondStarted) {
            second.work();
        }
        for (WalkBackup backup : backups) {
            if (backup.side() == WalkBackup.Side.RUNNING) {
                speaks("backup " + backups.indexOf(backup));
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
        return List.of(
                primary.claim(),
                second.claim(),
                backups.get(0).claim(),
                backups.get(1).claim());
    }

    private void claims() {
        if (calm && random.nextInt(BACKS_OFF) > 0) {
            return;
        }
        if (primary.wantsToClaim() && random.nextBoolean()) {
            primary.ask();
            primary.claim().ifPresent(this::send);
        }
        if (secondStarted && second.wantsToClaim()) {
            second.ask();
            second.claim().ifPresent(this::send);
        }
        for (WalkBackup backup : backups) {
            // A backup whose primary is well mostly leaves it alone.
            boolean asks = random.nextInt(backup.side() == WalkBackup.Side.BACKUP ? 6 : 2) == 0;
            if (backup.wantsToClaim() && asks) {
                backup.ask();
                backup.claim().ifPresent(this::send);
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
            if (claim.isPresent() && !claim.get().isOver() && !at.get(i).equals(claim.map(WalkClaim::at))) {
                send(claim.get());
            }
        }
    }

    private void settleClaims() {
        primary.claim().filter(WalkClaim::isOver).ifPresent(c -> primary.settle());
        second.claim().filter(WalkClaim::isOver).ifPresent(c -> second.settle());
        for (WalkBackup backup : backups) {
            backup.claim().filter(WalkClaim::isOver).ifPresent(c -> backup.settle());
        }
    }

    private Optional<WalkBackup> partner() {
        return primary.session().flatMap(id -> backups.stream()
                .filter(b -> b.session().equals(Optional.of(id)))
                .findFirst());
    }

    private void protect() {
        if (primary.session().isEmpty()) {
            WalkBackup backup = backups.get(random.nextInt(2));
            if (primary.isUp() && backup.serves()) {
                UUID id = new UUID(3, ++sessions);
                toBackup.clear();
                toPrimary.clear();
                primary.begin(id);
                backup.begin(id);
            }
            return;
        }
        UUID id = primary.session().get();
        long cut = primary.cut();
        partner()
                .ifPresent(backup -> toBackup.add(() -> {
                    if (backup.commit(id, cut)) {
                        toPrimary.add(() -> primary.acknowledged(id, cut));
                    }
                }));
        if (partner().isEmpty() && random.nextBoolean()) {
            primary.lose();
        }
    }

    private static void inOrder(Deque<Runnable> messages) {
        Optional.ofNullable(messages.poll()).ifPresent(Runnable::run);
    }

    /** A claimant that hears nothing gives up in the end. */
    private void endsWaiting() {
        if (requests.isEmpty() && answers.isEmpty() && unreplicated.isEmpty()) {
            claimsNow().forEach(claim -> claim.ifPresent(WalkClaim::giveUp));
            backups.stream()
                    .filter(b -> b.session().isPresent() && !b.session().equals(primary.session()))
                    .forEach(WalkBackup::lose);
        }
    }

    private void sessionFault() {
        if (random.nextBoolean()) {
            primary.lose();
        } else {
            backups.get(random.nextInt(2)).lose();
        }
    }

    private void brokerFault() {
        if (!brokerUp) {
            brokerUp = true;
            return;
        }
        unreplicated.clear();
        if (mistake == Mistake.UNCLEAN_ELECTION) {
            broker.crashUnclean(random);
        } else {
            broker.crash();
        }
        brokerUp = random.nextBoolean();
    }

    private void primaryFault() {
        if (!primary.isUp()) {
            if (!primary.isFenced() && !primary.isOff() && random.nextBoolean()) {
                primary.start();
            }
        } else if (random.nextInt(4) == 0) {
            primary.die();
        }
    }

    private void backupFault() {
        WalkBackup backup = backups.get(random.nextInt(2));
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
            case 1 -> {
                if (primary.isUp() && random.nextInt(3) == 0) {
                    primary.powerOff();
                }
            }
            default -> {}
        }
    }
}
