package io.lull.policy.fence;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A broker as the fence uses it, down to its log: transactions of one transactional id, replication, compaction,
 * crashes that lose what was not replicated, and leaders that were deposed and go on answering those who read. What it answers it has replicated before, as with acks=all.
 */
final class LogBroker {
    /** A record of the log, or a probe, which says nothing; undecided until its transaction's marker is written. */
    private record Entry(int offset, Optional<FenceRecord> record, int epoch, Fate fate) {
        Entry with(Fate next) {
            return new Entry(offset, record, epoch, next);
        }

        boolean isProbe() {
            return record.isEmpty();
        }

        boolean isSameAs(Entry other) {
            return offset == other.offset && record.equals(other.record) && epoch == other.epoch;
        }
    }

    /**
     * What a reader was given.
     *
     * @param newest the newest committed record
     * @param end the offset before which everything was read
     */
    record Reading(Optional<FenceRecord> newest, int end) {}

    private enum Fate {
        OPEN,
        /** The commit is decided, and its marker is not written yet. */
        DECIDED,
        COMMITTED,
        ABORTED
    }

    /** What a broker keeps. */
    private record Kept(List<Entry> log, int end, int epoch, Set<Integer> sequences) {
        Kept {
            log = List.copyOf(log);
            sequences = Set.copyOf(sequences);
        }

        Reading reading() {
            Optional<FenceRecord> newest = Optional.empty();
            for (Entry each : log) {
                if (each.fate == Fate.OPEN || each.fate == Fate.DECIDED) {
                    return new Reading(newest, each.offset);
                }
                newest = each.fate == Fate.COMMITTED ? each.record : newest;
            }
            return new Reading(newest, end);
        }
    }

    private final Mistake mistake;
    private final SplittableRandom random;
    private Kept leader = new Kept(List.of(), 0, 0, Set.of());
    private Kept followers = leader;
    /** What one has that led once, where it doesn't know of its successor. */
    private Optional<Kept> deposed = Optional.empty();

    LogBroker(Mistake mistake, SplittableRandom random) {
        this.mistake = mistake;
        this.random = random;
    }

    /** A claim begins: what was decided gets its marker, what was open is aborted; the epoch that may commit from now on. */
    int begin() {
        List<Entry> log = new ArrayList<>();
        for (Entry each : leader.log) {
            log.add(
                    switch (each.fate) {
                        case OPEN -> mistake == Mistake.NO_FENCING ? each : each.with(Fate.ABORTED);
                        case DECIDED -> each.with(Fate.COMMITTED);
                        case COMMITTED, ABORTED -> each;
                    });
        }
        leader = new Kept(log, leader.end, leader.epoch + 1, Set.of());
        return leader.epoch;
    }

    /** Whether the record was taken; one that was sent twice is taken once. */
    boolean write(int epoch, FenceRecord record) {
        if (isFenced(epoch)) {
            return false;
        }
        if (leader.sequences.contains(epoch) && mistake != Mistake.NO_IDEMPOTENCE) {
            return true;
        }
        Set<Integer> sequences = new HashSet<>(leader.sequences);
        sequences.add(epoch);
        append(Optional.of(record), epoch, sequences);
        return true;
    }

    private void append(Optional<FenceRecord> record, int epoch, Set<Integer> sequences) {
        List<Entry> log = new ArrayList<>(leader.log);
        log.add(new Entry(leader.end, record, epoch, Fate.OPEN));
        leader = new Kept(log, leader.end + 1, leader.epoch, sequences);
    }

    /** The offset of a record that says nothing; empty when it was not taken. One that was sent twice may be taken twice. */
    OptionalInt probe(int epoch) {
        if (isFenced(epoch)) {
            return OptionalInt.empty();
        }
        append(Optional.empty(), epoch, leader.sequences);
        return OptionalInt.of(leader.end - 1);
    }

    /** Whether what was open of the claim is aborted, its probe or, when this comes late, its record. */
    boolean abort(int epoch) {
        if (isFenced(epoch)) {
            return false;
        }
        refate(epoch, Fate.OPEN, Fate.ABORTED);
        return true;
    }

    /** Whether the transaction is committed; one that was committed already is, and one that was aborted can't be. */
    boolean commit(int epoch) {
        boolean isAborted = leader.log.stream()
                .anyMatch(each -> each.epoch == epoch && !each.isProbe() && each.fate == Fate.ABORTED);
        if (isFenced(epoch) || isAborted) {
            return false;
        }
        refate(epoch, Fate.OPEN, Fate.DECIDED);
        return true;
    }

    private boolean isFenced(int epoch) {
        return epoch != leader.epoch && mistake != Mistake.NO_FENCING;
    }

    private void refate(int epoch, Fate from, Fate to) {
        List<Entry> log = new ArrayList<>(leader.log);
        log.replaceAll(each -> each.epoch == epoch && each.fate == from ? each.with(to) : each);
        leader = new Kept(log, leader.end, leader.epoch, leader.sequences);
    }

    /** Markers of commits are written. */
    void mark() {
        refate(leader.epoch, Fate.DECIDED, Fate.COMMITTED);
    }

    /** The newest committed record; empty when there is none. Only what is replicated is read. */
    Optional<FenceRecord> newest() {
        return followers.reading().newest;
    }

    /** The same, as somebody is answered who may ask a leader that was deposed. */
    Reading read() {
        return deposed.filter(old -> random.nextInt(4) == 0).orElse(followers).reading();
    }

    /** All that happened so far is replicated. */
    void replicate() {
        followers = leader;
    }

    /** The leader is lost, or cut off from the others and deposed; a follower leads. */
    void crash() {
        deposed = Optional.of(followers);
        leader = followers;
    }

    /** One that was deposed hears of it, and answers no more. */
    void hearsOfSuccessor() {
        deposed = Optional.empty();
    }

    /** A replica that was out of sync leads: what was replicated since it fell behind is gone. */
    void crashUnclean() {
        List<Entry> log = leader.log.subList(0, random.nextInt(leader.log.size() + 1));
        int end = log.isEmpty() ? 0 : log.get(log.size() - 1).offset + 1;
        leader = new Kept(log, end, leader.epoch, leader.sequences);
        followers = leader;
    }

    /**
     * Drops committed records that have a successor, and aborted ones; any of them, since a cleaner may stop anywhere. It
     * cleans up to the high watermark: that a record is superseded or aborted must itself be replicated.
     */
    void compact() {
        int newest = -1;
        for (int i = 0; i < followers.log.size(); i++) {
            newest = followers.log.get(i).fate == Fate.COMMITTED ? i : newest;
        }
        List<Entry> dropped = new ArrayList<>();
        for (int i = 0; i < followers.log.size(); i++) {
            Entry each = followers.log.get(i);
            // What the newest claim has aborted stays here, so that its commit can be refused: a coordinator knows that
            // from elsewhere.
            boolean superseded = each.fate == Fate.ABORTED && each.epoch != leader.epoch
                    || each.fate == Fate.COMMITTED && i < newest;
            boolean drops = superseded && random.nextBoolean();
            boolean forgets = mistake == Mistake.TOPIC_FORGETS && each.fate == Fate.COMMITTED;
            if (drops || forgets) {
                dropped.add(each);
            }
        }
        leader = without(leader, dropped);
        followers = without(followers, dropped);
    }

    private static Kept without(Kept kept, List<Entry> dropped) {
        List<Entry> log = kept.log.stream()
                .filter(each -> dropped.stream().noneMatch(each::isSameAs))
                .toList();
        return new Kept(log, kept.end, kept.epoch, kept.sequences);
    }
}
