package io.lull.policy.fence;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;

/** A run of the VM, the backups that it may have one after the other, and what is on its way between them, in order. */
final class WalkLink {
    private final WalkPrimary primary;
    private final List<WalkBackup> backups;
    private final SplittableRandom random;
    private final Supplier<UUID> sessions;
    private final Deque<Runnable> toBackup = new ArrayDeque<>();
    private final Deque<Runnable> toPrimary = new ArrayDeque<>();

    /** @param sessions names new ones */
    WalkLink(WalkPrimary primary, List<WalkBackup> backups, SplittableRandom random, Supplier<UUID> sessions) {
        this.primary = primary;
        this.backups = backups;
        this.random = random;
        this.sessions = sessions;
    }

    /** A session begins, or its next epoch ends. */
    void protect() {
        if (primary.session().isEmpty()) {
            WalkBackup backup = backups.get(random.nextInt(backups.size()));
            if (primary.isUp() && backup.serves()) {
                UUID id = sessions.get();
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
                        long claims = backup.claims();
                        // There is no clock here: half a second in the worker is the begin of a claim.
                        toPrimary.add(() -> primary.acknowledged(id, cut, backup.claims() > claims));
                    }
                }));
        if (partner().isEmpty() && random.nextBoolean()) {
            primary.lose();
        }
    }

    private Optional<WalkBackup> partner() {
        return primary.session().flatMap(id -> backups.stream()
                .filter(b -> b.session().equals(Optional.of(id)))
                .findFirst());
    }

    void arriveAtBackup() {
        Optional.ofNullable(toBackup.poll()).ifPresent(Runnable::run);
    }

    void arriveAtPrimary() {
        Optional.ofNullable(toPrimary.poll()).ifPresent(Runnable::run);
    }

    /** One side takes the session for lost. */
    void isCut() {
        if (random.nextBoolean()) {
            primary.lose();
        } else {
            backups.get(random.nextInt(backups.size())).lose();
        }
    }

    /** Backups notice that their session is over. */
    void backupsNotice() {
        backups.stream()
                .filter(b -> b.session().isPresent() && !b.session().equals(primary.session()))
                .forEach(WalkBackup::lose);
    }
}
