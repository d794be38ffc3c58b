package io.lull.worker.turns;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.qemu.Await;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnsTest {
    private static final long TASK_NANOS = Turns.TURN_NANOS / 5;

    private final AtomicLong clock = new AtomicLong(7);
    private final AtomicInteger freed = new AtomicInteger();
    private final Turns turns = new Turns(1, clock::get, freed::incrementAndGet);
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());

    @Test
    void whoComesHasItsTurnWhenTheOthersIsOverAndThatGoesOnBehindIt() throws Exception {
        Thread light = new Thread(() -> work(turns.taker(), "light", 3));
        TurnTaker wild = turns.taker();
        wild.enter();
        for (int task = 0; task < 40; task++) {
            wild.goOn();
            done.add("wild");
            if (task == 9) {
                light.start();
                awaitWaiting(1);
            }
            clock.addAndGet(TASK_NANOS);
        }
        wild.leave();
        light.join();

        List<String> expected = new ArrayList<>(Collections.nCopies(9 + 5, "wild"));
        expected.addAll(Collections.nCopies(3, "light"));
        expected.addAll(Collections.nCopies(40 - 9 - 5, "wild"));
        assertThat(done).as("five tasks are a turn, from when somebody waits").isEqualTo(expected);
    }

    @Test
    void aBorrowedPermitGoesToWhoWaitsForIt() throws Exception {
        Thread light = new Thread(() -> work(turns.taker(), "light", 1));
        assertThat(turns.borrow()).isTrue();
        assertThat(turns.borrow()).isFalse();
        light.start();
        awaitWaiting(1);
        turns.giveBack(turns.taker(), clock.get());
        light.join();
        assertThat(done).containsExactly("light");
        assertThat(turns.hasFree()).isTrue();
        assertThat(freed).as("told once that a permit is free: when light left").hasValue(1);
    }

    @Test
    void anInterruptIsKeptUntilTheTurnHasCome() throws Exception {
        TurnTaker first = turns.taker();
        first.enter();
        Thread waiting = new Thread(() -> {
            TurnTaker second = turns.taker();
            second.enter();
            done.add(Thread.currentThread().isInterrupted() ? "interrupted" : "not interrupted");
            second.leave();
        });
        waiting.start();
        awaitWaiting(1);
        waiting.interrupt();
        first.leave();
        waiting.join();
        assertThat(done).containsExactly("interrupted");
    }

    private void work(TurnTaker taker, String name, int tasks) {
        taker.enter();
        for (int task = 0; task < tasks; task++) {
            taker.goOn();
            done.add(name);
            clock.addAndGet(TASK_NANOS);
        }
        taker.leave();
    }

    private void awaitWaiting(int count) {
        Await.untilIs(count, "the number of those who wait for a turn", turns::waiting);
    }
}
