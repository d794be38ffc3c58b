package io.lull.policy.fence;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A broker as the fence uses it, down to its log: transactions of one transactional id, replication, compaction, and
 * crashes that lose what was not replicated. What it answers it has replicated before, as with acks=all.
 */
final class LogBroker {
    /** A record of the log; undecided until its transaction's marker is written. */
    private record Entry(int offset, FenceRecord record, int epoch, Fate fate) {
        Entry with(Fate next) {
            return new Entry(offset, record, epoch, next);
        }

        boolean isSameAs(Entry other) {
            return offset == other.offset && record == other.record && epoch == other.epoch;
        }
    }

    private enum Fate {
        OPEN,
        /** The commit is decided, and its marker is not written yet. */
        DECIDED,
        COMMITTED,
        ABORTED
    }

    /** What a broker keeps. */
    private record Kept(List<Entry> log, int epoch, Set<Integer> sequences) {
        Kept {
            log = List.copyOf(log);
            sequences = Set.copyOf(sequences);
        }
    }

    private final Mistake mistake;
    private Kept leader = new Kept(List.of(), 0, Set.of());
    private Kept followers = leader;

    LogBroker(Mistake mistake) {
        this.mistake = mistake;
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
        leader = new Kept(log, leader.epoch + 1, Set.of());
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
        List<Entry> log = new ArrayList<>(leader.log);
        int offset = log.isEmpty() ? 0 : log.get(log.size() - 1).offset + 1;
        log.add(new Entry(offset, record, epoch, Fate.OPEN));
        Set<Integer> sequences = new HashSet<>(leader.sequences);
        sequences.add(epoch);
        leader = new Kept(log, leader.epoch, sequences);
        return true;
    }

    /** Whether the transaction is committed; one that was committed already is. */
    boolean commit(int epoch) {
        if (isFenced(epoch)) {
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
        leader = new Kept(log, leader.epoch, leader.sequences);
    }

    /** Markers of commits are written. */
    void mark() {
        refate(leader.epoch, Fate.DECIDED, Fate.COMMITTED);
    }

    /** The newest committed record; empty when there is none. Only what is replicated is read. */
    Optional<FenceRecord> read() {
        Optional<FenceRecord> newest = Optional.empty();
        for (Entry each : followers.log) {
            if (each.fate == Fate.COMMITTED) {
                newest = Optional.of(each.record);
            }
        }
        return newest;
    }

    /** All that happened so far is replicated. */
    void replicate() {
        followers = leader;
    }

    /** The leader is lost; a follower leads. */
    void crash() {
        leader = followers;
    }

    /** A replica that was out of sync leads: what was replicated since it fell behind is gone. */
    void crashUnclean(SplittableRandom random) {
        List<Entry> log = leader.log.subList(0, random.nextInt(leader.log.size() + 1));
        leader = new Kept(log, leader.epoch, leader.sequences);
        followers = leader;
    }

    /**
     * Drops committed records that have a successor, and aborted ones; any of them, since a cleaner may stop anywhere. It
     * cleans up to the high watermark: that a record is superseded or aborted must itself be replicated.
     */
    void compact(SplittableRandom random) {
        int newest = -1;
        for (int i = 0; i < followers.log.size(); i++) {
            newest = followers.log.get(i).fate == Fate.COMMITTED ? i : newest;
        }
        List<Entry> dropped = new ArrayList<>();
        for (int i = 0; i < followers.log.size(); i++) {
            Entry each = followers.log.get(i);
            boolean superseded = each.fate == Fate.ABORTED || each.fate == Fate.COMMITTED && i < newest;
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
        return new Kept(log, kept.epoch, kept.sequences);
    }
}
