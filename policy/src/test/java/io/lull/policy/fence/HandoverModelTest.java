package io.lull.policy.fence;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim.Party;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every order in which the steps of a switchover may come, with a death of either side and a lost connection or answer at each:
 * a guest that was handed over never runs on both sides. Claims are decided as if one after the other, which
 * {@link FenceModelTest} shows of the arbiter.
 */
class HandoverModelTest {
    private static final VmId VM = new VmId("db");
    private static final Party RUN = new Party(new UUID(1, 1), "a");
    private static final Party BACKUP = new Party(new UUID(2, 1), "b");
    private static final UUID SESSION = new UUID(3, 1);

    /** What is planted, so that the test shows that it would find it. */
    private enum Mistake {
        NONE,
        /** Without an answer the primary runs its guest and asks nobody. */
        RUNS_UNASKED,
        /** The watchdog frees the guest of a dead worker that has handed it over. */
        WATCHDOG_FREES,
        /** The backup runs the VM before the fence has granted it. */
        RUNS_UNGRANTED
    }

    private enum Guest {
        RUNS,
        STANDS,
        HANDED,
        STAYS,
        ENDED
    }

    private enum Side {
        SERVES,
        CLAIMS,
        UNDECIDED,
        GRANTED,
        RUNS,
        GAVE_BACK,
        DENIED,
        DEAD
    }

    private enum Answer {
        NONE,
        RUNS,
        REFUSED,
        FAILED
    }

    /**
     * All there is at one moment.
     *
     * @param worker whether the primary's lives
     * @param handed whether the guest was handed over, and not refused
     * @param word whether HANDOVER is on its way
     */
    private record Moment(
            Guest guest,
            boolean worker,
            boolean handed,
            boolean connected,
            boolean word,
            Side side,
            Answer answer,
            Optional<FenceRecord> record) {
        Moment guest(Guest next) {
            return new Moment(next, worker, handed || next == Guest.HANDED, connected, word, side, answer, record);
        }

        /** The session goes on as if nothing had been said; what a loss of it leads to then is {@link FenceModelTest}'s. */
        Moment refused() {
            return new Moment(Guest.RUNS, worker, false, connected, word, side, Answer.NONE, record);
        }

        Moment worker(boolean next) {
            return new Moment(guest, next, handed, connected, word, side, answer, record);
        }

        Moment cut() {
            return new Moment(guest, worker, handed, false, word, side, Answer.NONE, record);
        }

        Moment word(boolean next) {
            return new Moment(guest, worker, handed, connected, next, side, answer, record);
        }

        Moment side(Side next) {
            return new Moment(guest, worker, handed, connected, word, next, answer, record);
        }

        Moment says(Answer next) {
            return new Moment(guest, worker, handed, connected, word, side, connected ? next : Answer.NONE, record);
        }

        Moment record(FenceRuling ruling) {
            return ruling.isNew()
                    ? new Moment(
                            guest,
                            worker,
                            handed,
                            connected,
                            word,
                            side,
                            answer,
                            ruling.record().map(Moment::plain))
                    : this;
        }

        private static FenceRecord plain(FenceRecord of) {
            return new FenceRecord(VM, of.state(), 1, of.run(), of.session(), of.taker(), "", "", 0);
        }

        boolean isWrong() {
            return handed && guest == Guest.RUNS && side == Side.RUNS;
        }
    }

    private static Moment first() {
        FenceRuling ruling = FenceRule.rule(VM, Optional.empty(), FenceClaim.protect(RUN, SESSION, ""), 0);
        return new Moment(Guest.RUNS, true, false, true, false, Side.SERVES, Answer.NONE, Optional.empty())
                .record(ruling);
    }

    private static List<Moment> next(Moment at, Mistake mistake) {
        List<Moment> next = new ArrayList<>();
        if (at.worker()) {
            primary(at, mistake, next);
            boolean freed =
                    at.guest() == Guest.STANDS || at.guest() == Guest.HANDED && mistake == Mistake.WATCHDOG_FREES;
            Moment dead = at.worker(false).cut();
            next.add(freed ? dead.guest(Guest.RUNS) : dead);
        }
        if (at.connected()) {
            next.add(at.cut());
        }
        backup(at, mistake, next);
        return next;
    }

    private static void primary(Moment at, Mistake mistake, List<Moment> next) {
        switch (at.guest()) {
            case RUNS -> {
                if (!at.handed() && at.connected()) {
                    next.add(at.guest(Guest.STANDS));
                }
            }
            case STANDS -> {
                next.add(at.guest(Guest.RUNS));
                if (at.connected()) {
                    next.add(at.guest(Guest.HANDED).word(true));
                }
            }
            case HANDED -> {
                if (at.answer() == Answer.RUNS) {
                    next.add(at.guest(Guest.ENDED));
                } else if (at.answer() == Answer.REFUSED) {
                    next.add(at.refused());
                }
                // Told that it failed, or tired of waiting, which may be at any time; and the fence's answer may be
                // lost.
                FenceRuling ruling = FenceRule.rule(VM, at.record(), FenceClaim.goAlone(RUN, ""), 0);
                Moment asked = at.record(ruling);
                next.add(asked);
                boolean runs = ruling.granted() || mistake == Mistake.RUNS_UNASKED;
                next.add((mistake == Mistake.RUNS_UNASKED ? at : asked).guest(runs ? Guest.RUNS : Guest.STAYS));
            }
            case STAYS, ENDED -> {}
        }
    }

    private static void backup(Moment at, Mistake mistake, List<Moment> next) {
        switch (at.side()) {
            case SERVES -> {
                if (at.word()) {
                    next.add(at.word(false).side(Side.CLAIMS));
                    next.add(at.word(false).says(Answer.REFUSED));
                }
                if (!at.connected()) {
                    next.add(at.side(Side.CLAIMS));
                }
                next.add(at.side(Side.DEAD).cut());
            }
            case CLAIMS, UNDECIDED -> {
                FenceRuling ruling = FenceRule.rule(VM, at.record(), FenceClaim.take(BACKUP, Set.of(SESSION), ""), 0);
                Moment asked = at.record(ruling);
                boolean granted = ruling.granted() || mistake == Mistake.RUNS_UNGRANTED;
                next.add(
                        granted
                                ? asked.side(Side.GRANTED)
                                : asked.side(Side.DENIED).says(Answer.FAILED));
                next.add(asked.side(Side.UNDECIDED).says(Answer.FAILED));
                next.add(at.side(Side.DEAD).cut());
            }
            case GRANTED -> {
                next.add(at.side(Side.RUNS).says(Answer.RUNS));
                FenceRuling back = FenceRule.rule(VM, at.record(), FenceClaim.giveBack(BACKUP, ""), 0);
                next.add(at.record(back).side(Side.GAVE_BACK).says(Answer.FAILED));
                next.add(at.side(Side.DEAD).cut());
            }
            case RUNS, GAVE_BACK, DENIED, DEAD -> {}
        }
    }

    private static Set<Moment> reached(Mistake mistake) {
        Set<Moment> seen = new HashSet<>(Set.of(first()));
        Deque<Moment> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            for (Moment each : next(open.removeFirst(), mistake)) {
                if (seen.add(each)) {
                    open.addLast(each);
                }
            }
        }
        return seen;
    }

    @Test
    void aGuestThatWasHandedOverNeverRunsOnBothSides() {
        Set<Moment> all = reached(Mistake.NONE);
        System.out.println(all.size() + " moments");
        assertThat(all).noneMatch(Moment::isWrong);
        assertThat(all).anyMatch(at -> at.guest() == Guest.ENDED && at.side() == Side.RUNS);
        assertThat(all).anyMatch(at -> at.handed() && at.guest() == Guest.RUNS && at.side() == Side.DENIED);
    }

    /** Who dies with the VM in its hands, or fails it after the other was denied it, leaves it to an operator. */
    @Test
    void whereNobodyDiesAndTheBackupDoesNotFailTheVmRunsOnOneSide() {
        Set<Moment> ends = reached(Mistake.NONE);
        ends.removeIf(at -> next(at, Mistake.NONE).stream()
                .anyMatch(then -> !then.equals(at) && then.worker() == at.worker() && then.side() != Side.DEAD));
        ends.removeIf(at -> !at.worker() || at.side() == Side.DEAD || at.side() == Side.GAVE_BACK || !at.handed());
        assertThat(ends).isNotEmpty().allMatch(at -> (at.guest() == Guest.RUNS) != (at.side() == Side.RUNS));
    }

    @ParameterizedTest
    @EnumSource(value = Mistake.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aPlantedMistakeIsFound(Mistake mistake) {
        assertThat(reached(mistake)).anyMatch(Moment::isWrong);
    }
}
