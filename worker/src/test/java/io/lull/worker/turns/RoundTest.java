package io.lull.worker.turns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The round by itself, in time that is only counted. */
class RoundTest {
    private static final long SEED = Long.getLong("lull.test.seed", 20261129L);
    private static final long LONGEST_TASK_NANOS = 1_300_000;
    private static final long SECOND_NANOS = 1_000_000_000;

    private final Turns any = new Turns(1, () -> 0);

    @Test
    void nobodyWaitsWhileAPermitIsFree() {
        Round round = new Round(2);
        TurnTaker first = any.taker();
        TurnTaker second = any.taker();
        TurnTaker third = any.taker();
        assertThat(round.enter(first)).isTrue();
        assertThat(round.enter(second)).isTrue();
        assertThat(round.enter(third)).isFalse();
        assertThat(round.borrow()).isFalse();
        assertThat(round.leave()).isSameAs(third);
        assertThat(round.leave()).isNull();
        assertThat(round.borrow()).isTrue();
    }

    @Test
    void whoRanOverGetsSoMuchLessTheNextTime() {
        Round round = new Round(1);
        TurnTaker over = any.taker();
        TurnTaker other = any.taker();
        TurnTaker third = any.taker();
        round.enter(over);
        round.enter(other);
        round.charge(over, Turns.TURN_NANOS + 100_000);
        assertThat(round.giveWay(over)).isSameAs(other);
        round.enter(third);
        round.charge(other, Turns.TURN_NANOS);
        assertThat(round.leave()).isSameAs(over);
        assertThat(over.creditNanos).isEqualTo(Turns.TURN_NANOS - 100_000);
    }

    @Test
    void whoRanOverByMoreThanATurnIsPassedOver() {
        Round round = new Round(1);
        TurnTaker over = any.taker();
        TurnTaker other = any.taker();
        TurnTaker third = any.taker();
        round.enter(over);
        round.enter(other);
        round.charge(over, 3 * Turns.TURN_NANOS);
        assertThat(round.giveWay(over)).isSameAs(other);
        round.enter(third);
        round.charge(other, Turns.TURN_NANOS);
        assertThat(round.giveWay(other)).isSameAs(third);
    }

    @Test
    void aTaskThatTheHostStoppedIsHeldAgainstItsVmForSomeTurnsOnly() {
        Round round = new Round(1);
        TurnTaker stopped = any.taker();
        round.enter(stopped);
        round.charge(stopped, SECOND_NANOS);
        assertThat(stopped.creditNanos).isEqualTo(-Round.MAX_DEBT_NANOS);
    }

    @Test
    void aDebtTowardsNobodyIsForgotten() {
        Round round = new Round(1);
        TurnTaker over = any.taker();
        TurnTaker other = any.taker();
        round.enter(over);
        round.enter(other);
        round.charge(over, 3 * Turns.TURN_NANOS);
        assertThat(round.giveWay(over)).isSameAs(other);
        assertThat(round.leave()).isSameAs(over);
        assertThat(over.creditNanos).isEqualTo(Turns.TURN_NANOS);
    }

    @Test
    void moreThanTheLimitMayNotWait() {
        Round round = new Round(1);
        round.enter(any.taker());
        for (int i = 0; i < Turns.MAX_WAITING; i++) {
            round.enter(any.taker());
        }
        assertThatThrownBy(() -> round.enter(any.taker())).hasMessageContaining("too many VMs");
    }

    @ParameterizedTest
    @CsvSource({"1,2", "1,16", "2,3", "2,16", "3,16", "7,8"})
    void whoAlwaysHasWorkGetsTheSameTimeHoweverLongItsTasksAre(int permits, int takers) {
        Host host = new Host(permits, takers, SEED + permits);
        host.run(20 * SECOND_NANOS);
        long least = host.workedNanos.values().stream()
                .min(Comparator.naturalOrder())
                .orElseThrow();
        long most = host.workedNanos.values().stream()
                .max(Comparator.naturalOrder())
                .orElseThrow();
        // With several permits whoever is passed over is forgiven a little that those at work are not.
        long forgivenNanos = permits == 1 ? 0 : most / 200;
        assertThat(most - least).isLessThanOrEqualTo(2 * (Turns.TURN_NANOS + LONGEST_TASK_NANOS) + forgivenNanos);
        long all = host.workedNanos.values().stream().mapToLong(Long::longValue).sum();
        assertThat(all).as("no permit was idle").isGreaterThan(permits * (20 * SECOND_NANOS - LONGEST_TASK_NANOS));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,15", "2,2", "2,15", "7,8"})
    void whoComesWaitsForOneTurnOfEachOtherAtMost(int permits, int busy) {
        Host host = new Host(permits, busy, SEED + busy);
        long longest = 0;
        for (int i = 0; i < 500; i++) {
            host.run(host.nowNanos + 1_000_000 + host.random.nextInt(9_000_000));
            longest = Math.max(longest, host.waitOfALightOne());
        }
        long rounds = (busy + permits - 1) / permits;
        assertThat(longest).isLessThanOrEqualTo(rounds * (Turns.TURN_NANOS + LONGEST_TASK_NANOS));
    }

    /** Some cores in counted time: takers that always have tasks, each of lengths of its own. */
    private static final class Host {
        private final Random random;
        private final Round round;
        private final List<Working> working = new ArrayList<>();
        private final Map<TurnTaker, Integer> longestNanos = new HashMap<>();
        private final Map<TurnTaker, Long> workedNanos = new HashMap<>();
        private final TurnTaker light = new Turns(1, () -> 0).taker();
        private long nowNanos;

        private static final class Working {
            private final TurnTaker taker;
            private final long beganNanos;
            private long taskEndsNanos;

            Working(TurnTaker taker, long beganNanos) {
                this.taker = taker;
                this.beganNanos = beganNanos;
            }
        }

        Host(int permits, int takers, long seed) {
            System.out.println("RoundTest: -Dlull.test.seed=" + seed);
            random = new Random(seed);
            round = new Round(permits);
            Turns any = new Turns(1, () -> 0);
            for (int i = 0; i < takers; i++) {
                TurnTaker taker = any.taker();
                longestNanos.put(taker, (int) (LONGEST_TASK_NANOS * (i + 1) / takers));
                workedNanos.put(taker, 0L);
                enter(taker);
            }
        }

        private void enter(TurnTaker taker) {
            if (round.enter(taker)) {
                begin(taker);
            }
        }

        private void begin(TurnTaker taker) {
            Working one = new Working(taker, nowNanos);
            one.taskEndsNanos = nowNanos + task(taker);
            working.add(one);
        }

        private int task(TurnTaker taker) {
            return 5_000 + random.nextInt(longestNanos.getOrDefault(taker, 10_000) - 5_000);
        }

        void run(long untilNanos) {
            while (nowNanos < untilNanos) {
                step();
            }
        }

        private void step() {
            Working one = working.stream()
                    .min(Comparator.comparingLong(w -> w.taskEndsNanos))
                    .orElseThrow();
            nowNanos = one.taskEndsNanos;
            long turnNanos = nowNanos - one.beganNanos;
            boolean isLight = one.taker == light;
            if (!isLight && (round.waiting() == 0 || turnNanos < one.taker.creditNanos)) {
                one.taskEndsNanos += task(one.taker);
                return;
            }
            working.remove(one);
            workedNanos.merge(one.taker, turnNanos, Long::sum);
            round.charge(one.taker, turnNanos);
            TurnTaker next = isLight ? round.leave() : round.giveWay(one.taker);
            if (next != null) {
                begin(next);
            }
        }

        /** A VM with one short task comes; how long it waits before that begins. */
        long waitOfALightOne() {
            long cameNanos = nowNanos;
            enter(light);
            while (working.stream().noneMatch(w -> w.taker == light)) {
                step();
            }
            long waited = nowNanos - cameNanos;
            while (working.stream().anyMatch(w -> w.taker == light)) {
                step();
            }
            return waited;
        }
    }
}
