package io.lull.worker.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.qemu.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every gate promises, whatever holds the frames. */
@Timeout(120)
abstract class OutputGateContract {
    /** On a busy machine a mark may be late, and output then leaves an epoch later, which is right and not what is asked here. */
    static final long PATIENT_NANOS = 20_000_000_000L;

    private static final long DRAIN_NANOS = 20_000_000_000L;
    private static final long SEED = 20_261_129;
    private static final int MAX_LAG = 3;
    private static final int MOST_FRAMES = 4;

    @TempDir
    Path folder;

    private GateRig rig;
    private OutputGate gate;

    /** A gate that holds, with nothing sent yet. */
    abstract GateRig rig(Path directory) throws Exception;

    /** How long a frame that leaks may take until it is seen. */
    abstract long leakMillis();

    /** Of the random run. */
    abstract int epochs();

    @BeforeEach
    void begin() throws Exception {
        rig = rig(folder);
        gate = rig.gate();
    }

    @AfterEach
    void end() throws Exception {
        rig.close();
    }

    private void checkpoint(long epoch) {
        gate.prepare(epoch);
        gate.cut(epoch);
    }

    private void awaitLeft(long... tags) throws Exception {
        List<Long> expected = LongStream.of(tags).boxed().toList();
        Await.until("what left is " + expected, () -> rig.left().equals(expected));
    }

    private void assertOnlyLeft(long... tags) throws InterruptedException {
        assertOnlyLeft(rig, tags);
    }

    /** Nothing says that a frame will not come: only the time in which one that leaks would have. */
    final void assertOnlyLeft(GateRig of, long... tags) throws InterruptedException {
        Thread.sleep(leakMillis());
        assertThat(of.left())
                .containsExactlyElementsOf(LongStream.of(tags).boxed().toList());
    }

    @Test
    void holdsFromTheFirstFrameOn() throws Exception {
        assertThat(gate.state()).isEqualTo(GateState.HOLDING);
        rig.send(1);
        checkpoint(1);
        rig.send(2);
        assertOnlyLeft();
    }

    @Test
    void aReleaseLetsItsEpochGoAndNothingOfALaterOne() throws Exception {
        rig.send(1);
        rig.send(2);
        checkpoint(1);
        rig.send(3);
        gate.release(1);
        awaitLeft(1, 2);
        assertOnlyLeft(1, 2);
        gate.release(1);
        assertOnlyLeft(1, 2);

        assertThat(gate.awaitDrained(DRAIN_NANOS)).as("its mark is free again").isTrue();
        checkpoint(2);
        gate.release(2);
        awaitLeft(1, 2, 3);
        assertThat(gate.awaitDrained(DRAIN_NANOS)).isTrue();
    }

    @Test
    void whatIsSentBetweenPrepareAndCutIsHeldUntilItsEpochIsReleasedOrTheNext() throws Exception {
        rig.send(1);
        gate.prepare(1);
        rig.send(2);
        gate.cut(1);
        rig.send(3);
        gate.release(1);
        Await.until("the first has left", () -> rig.left().contains(1L));
        Thread.sleep(leakMillis());
        assertThat(rig.left()).doesNotContain(3L);
        assertThat(gate.awaitDrained(DRAIN_NANOS)).as("its mark is free again").isTrue();
        checkpoint(2);
        gate.release(2);
        awaitLeft(1, 2, 3);
    }

    @Test
    void anEpochThatNobodyPreparedForIsOnlyDelayed() throws Exception {
        rig.send(1);
        gate.cut(1);
        rig.send(2);
        gate.release(1);
        checkpoint(2);
        rig.send(3);
        gate.release(2);
        awaitLeft(1, 2);
        assertOnlyLeft(1, 2);
    }

    @Test
    void oneThatIsPreparedForTwiceLeavesWithItsCommit() throws Exception {
        rig.send(1);
        gate.prepare(1);
        rig.send(2);
        checkpoint(1);
        gate.release(1);
        assertThat(gate.awaitDrained(DRAIN_NANOS)).isTrue();
        checkpoint(2);
        gate.release(2);
        awaitLeft(1, 2);
    }

    @Test
    void refusesToCutAnEpochTwiceOrToReleaseWhatWasNotCut() {
        gate.cut(3);
        assertThatThrownBy(() -> gate.cut(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4");
        assertThatThrownBy(() -> gate.release(4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3");
    }

    @Test
    void letsHeldFramesGoFirstWhenItPassesAndHoldsAgainAfterwards() throws Exception {
        rig.send(1);
        checkpoint(7);
        rig.send(2);
        gate.passThrough();
        assertThat(gate.state()).isEqualTo(GateState.PASSING);
        assertThat(gate.awaitDrained(DRAIN_NANOS)).isTrue();
        rig.send(3);
        awaitLeft(1, 2, 3);

        gate.hold();
        assertThat(gate.state()).isEqualTo(GateState.HOLDING);
        rig.send(4);
        gate.release(7);
        assertOnlyLeft(1, 2, 3);
        checkpoint(8);
        gate.release(8);
        awaitLeft(1, 2, 3, 4);
    }

    @Test
    void holdsThoughItWasToldToPassJustBefore() throws Exception {
        rig.send(1);
        for (int round = 0; round < 20; round++) {
            gate.passThrough();
            gate.hold();
        }
        assertThat(gate.state()).isEqualTo(GateState.HOLDING);
        rig.send(2);
        awaitLeft(1);
        assertOnlyLeft(1);
    }

    @Test
    void saysWhichEpochWasReleasedLastOnlyWhileAllOutputSinceIsHeld() throws Exception {
        assertThat(gate.heldSinceEpoch()).as("nothing was released").isEmpty();
        checkpoint(4);
        checkpoint(5);
        gate.release(4);
        assertThat(gate.heldSinceEpoch()).hasValue(4);
        gate.passThrough();
        assertThat(gate.heldSinceEpoch()).as("output passes").isEmpty();
        gate.hold();
        gate.release(5);
        assertThat(gate.heldSinceEpoch())
                .as("epoch 5 was cut before output passed")
                .isEmpty();
        checkpoint(6);
        gate.release(6);
        assertThat(gate.heldSinceEpoch()).hasValue(6);
        gate.discard();
        assertThat(gate.heldSinceEpoch()).isEmpty();
    }

    @Test
    void nothingLeavesOnceItIsDiscarded() throws Exception {
        rig.send(1);
        checkpoint(1);
        rig.send(2);
        gate.discard();
        assertThat(gate.state()).isEqualTo(GateState.DISCARDED);
        gate.release(1);
        gate.passThrough();
        gate.hold();
        checkpoint(2);
        gate.release(2);
        rig.send(3);
        assertOnlyLeft();
        assertThat(gate.state()).isEqualTo(GateState.DISCARDED);
        assertThat(rig.losses()).isEmpty();
    }

    @Test
    void nothingMoreLeavesOnceItIsDiscardedWhileOutputPasses() throws Exception {
        gate.passThrough();
        rig.send(1);
        awaitLeft(1);
        gate.discard();
        rig.send(2);
        assertOnlyLeft(1);
    }

    @Test
    void nothingLeavesOnceItIsClosed() throws Exception {
        rig.send(1);
        checkpoint(1);
        gate.close();
        gate.release(1);
        assertOnlyLeft();
        assertThat(gate.state()).isEqualTo(GateState.DISCARDED);
        assertThat(rig.losses()).isEmpty();
    }

    @Test
    void isLostOnceAndLetsNothingGoWhenItCanNotWorkAnyMore() throws Exception {
        rig.send(1);
        rig.lose();
        gate.prepare(1);
        Await.until("the loss is told", () -> !rig.losses().isEmpty());
        assertThat(gate.state()).isEqualTo(GateState.FAILED);
        gate.cut(1);
        gate.release(1);
        gate.passThrough();
        assertOnlyLeft();
        gate.close();
        assertThat(rig.losses()).hasSize(1);
        assertThat(gate.state()).isEqualTo(GateState.FAILED);
    }

    @Test
    void inARandomRunNoFrameLeavesBeforeItsEpochIsReleasedAndNoneIsLostOrSwapped() throws Exception {
        Random random = new Random(SEED);
        long sent = 0;
        long[] sentAtCut = new long[epochs() + 1];
        long released = 0;
        for (int epoch = 1; epoch <= epochs(); epoch++) {
            for (int i = random.nextInt(MOST_FRAMES); i > 0; i--) {
                rig.send(++sent);
            }
            if (random.nextInt(MOST_FRAMES) > 0) {
                gate.prepare(epoch);
            }
            for (int i = random.nextInt(2); i > 0; i--) {
                rig.send(++sent);
            }
            gate.cut(epoch);
            sentAtCut[epoch] = sent;
            released = Math.max(released, epoch - random.nextInt(MAX_LAG + 1));
            gate.release(Math.max(0, released));
            assertThat((long) rig.left().size())
                    .as("epoch %d is released, seed %d", released, SEED)
                    .isLessThanOrEqualTo(sentAtCut[(int) Math.max(0, released)]);
        }
        gate.release(epochs());
        assertThat(gate.awaitDrained(DRAIN_NANOS)).isTrue();
        checkpoint(epochs() + 1L);
        gate.release(epochs() + 1L);
        awaitLeft(LongStream.rangeClosed(1, sent).toArray());
    }
}
