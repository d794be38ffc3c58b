package io.lull.worker.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GateQueueTest {
    private static final int FRAME_BYTES = 10;
    private static final long SECOND_NANOS = 1_000_000_000;

    private final GateQueue queue = new GateQueue(1 << 20, new HeldShare(1 << 30, 0));
    private final Chunk chunk = new ChunkPool().take();
    private int position;

    @Test
    void refusesToCutAnEpochTwiceOrToGoBack() {
        queue.cut(3);
        assertThatThrownBy(() -> queue.cut(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4");
        assertThatThrownBy(() -> queue.cut(2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hasNoRoomForWhatOtherGatesOfTheProcessHold() throws Exception {
        HeldShare share = new HeldShare(3 * FRAME_BYTES, 0);
        GateQueue first = new GateQueue(1 << 20, share);
        GateQueue second = new GateQueue(1 << 20, share);
        add(first);
        add(first);
        assertThat(first.roomBytes(0)).isEqualTo(FRAME_BYTES);
        assertThat(second.roomBytes(0)).isEqualTo(FRAME_BYTES);

        add(second);
        assertThat(second.roomBytes(0)).isZero();
        assertThat(first.roomBytes(0)).isZero();

        second.passThrough(true, 0);
        assertThat(second.take(new Block[1])).isEqualTo(1);
        assertThat(second.roomBytes(0)).as("it is leaving yet").isZero();
        second.written(0);
        assertThat(first.roomBytes(0)).isEqualTo(FRAME_BYTES);

        first.giveUp(GateState.DISCARDED, "test");
        assertThat(second.roomBytes(0)).isEqualTo(3 * FRAME_BYTES);
    }

    @Test
    void hasALittleRoomHoweverMuchOtherGatesHold() {
        HeldShare share = new HeldShare(3 * FRAME_BYTES, 2 * FRAME_BYTES);
        GateQueue waitsForItsBackup = new GateQueue(1 << 20, share);
        GateQueue hasOne = new GateQueue(1 << 20, share);
        for (int i = 0; i < 3; i++) {
            add(waitsForItsBackup);
        }
        assertThat(waitsForItsBackup.roomBytes(0)).isZero();
        assertThat(hasOne.roomBytes(0)).isEqualTo(2 * FRAME_BYTES);

        add(hasOne);
        assertThat(hasOne.roomBytes(0)).isEqualTo(FRAME_BYTES);
        add(hasOne);
        assertThat(hasOne.roomBytes(0)).isZero();
    }

    @Test
    void refusesToReleaseWhatWasNotCut() {
        add();
        assertThatThrownBy(() -> queue.release(0, 0)).isInstanceOf(IllegalArgumentException.class);
        queue.cut(5);
        assertThatThrownBy(() -> queue.release(6, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(queue.release(5, 0).packets()).isEqualTo(1);
    }

    @Test
    void saysWhichEpochWasReleasedLastOnlyWhileAllOutputSinceIsHeld() {
        assertThat(queue.heldSinceEpoch()).as("nothing was released").isEmpty();
        queue.passThrough(true, 0);
        queue.passThrough(false, 0);
        queue.cut(4);
        queue.cut(5);
        queue.release(4, 0);
        assertThat(queue.heldSinceEpoch()).hasValue(4);
        queue.passThrough(true, 0);
        assertThat(queue.heldSinceEpoch()).as("output passes").isEmpty();
        queue.passThrough(false, 0);
        assertThat(queue.heldSinceEpoch()).as("output has passed").isEmpty();
        queue.release(5, 0);
        assertThat(queue.heldSinceEpoch())
                .as("epoch 5 was cut before output passed")
                .isEmpty();
        queue.cut(6);
        queue.release(6, 0);
        assertThat(queue.heldSinceEpoch()).hasValue(6);
        queue.giveUp(GateState.DISCARDED, "test");
        assertThat(queue.heldSinceEpoch()).isEmpty();
    }

    @Test
    void delaysButNeverHastensFramesWhenTooManyEpochsAreSealed() {
        int epochs = GateQueue.MAX_SEALED_EPOCHS + 10;
        for (int epoch = 0; epoch < epochs; epoch++) {
            add();
            queue.cut(epoch);
        }
        assertThat(queue.release(epochs - 2, 0).packets()).isEqualTo(GateQueue.MAX_SEALED_EPOCHS - 1);
        assertThat(queue.release(epochs - 1, 0).packets()).isEqualTo(11);
        assertThat(queue.snapshot(0).held()).isEqualTo(Traffic.NONE);
    }

    @Test
    void countsWhatLeavesUntilItIsWritten() throws InterruptedException {
        add();
        add();
        queue.cut(0);
        queue.release(0, 0);
        Traffic both = new Traffic(2, 2 * FRAME_BYTES);
        assertThat(queue.snapshot(0).leaving()).isEqualTo(both);
        assertThat(queue.take(new Block[4]))
                .as("frames side by side are one block")
                .isEqualTo(1);
        assertThat(queue.snapshot(0).leaving()).isEqualTo(both);
        assertThat(queue.roomBytes(0)).isEqualTo((1 << 20) - both.bytes());
        queue.written(0);
        assertThat(queue.snapshot(0).leaving()).isEqualTo(Traffic.NONE);
    }

    @Test
    void countsAsOpenWhatWasSentSinceTheLastCutAndAgesItFromItsOwnOldestFrame() {
        addAt(100);
        addAt(150);
        assertThat(open(200)).containsExactly(2, 100);
        assertThat(queue.snapshot(200).oldestHeldNanos()).isEqualTo(100);

        queue.cut(0);
        assertThat(open(300)).as("all is sealed").containsExactly(0, 0);
        assertThat(queue.snapshot(300).held().packets()).isEqualTo(2);
        addAt(310);
        assertThat(open(350)).containsExactly(1, 40);
        assertThat(queue.snapshot(350).oldestHeldNanos()).as("of epoch 0").isEqualTo(250);

        queue.release(0, 360);
        assertThat(open(360)).as("a commit releases nothing of it").containsExactly(1, 50);
        assertThat(queue.snapshot(360).oldestHeldNanos()).isEqualTo(50);
        queue.cut(1);
        queue.release(1, 370);
        assertThat(open(370)).containsExactly(0, 0);
    }

    @Test
    void isQuietOnceAllThatWasLetGoIsWrittenAndUntilMoreIs() throws InterruptedException {
        assertThat(queue.hasBeenQuietSince(0)).as("nothing ever left").isTrue();
        add();
        queue.cut(0);
        assertThat(queue.hasBeenQuietSince(0)).as("it is held").isTrue();
        queue.release(0, 10);
        assertThat(queue.hasBeenQuietSince(100)).as("it is about to leave").isFalse();
        queue.take(new Block[1]);
        assertThat(queue.hasBeenQuietSince(100)).as("it is leaving").isFalse();
        queue.written(50);
        assertThat(queue.hasBeenQuietSince(50)).isFalse();
        assertThat(queue.hasBeenQuietSince(51)).isTrue();
    }

    @Test
    void dropsWhatWasHeldForLongerThanANetworkKeepsAFrameAndLetsTheRestGo() throws InterruptedException {
        addAt(0);
        queue.cut(0);
        addAt(SECOND_NANOS);
        queue.cut(1);
        addAt(2 * SECOND_NANOS);
        addAt(30 * SECOND_NANOS);
        queue.cut(2);

        Released released = queue.release(2, GateQueue.MAX_HELD_NANOS + 2 * SECOND_NANOS + 1);

        assertThat(released.packets()).as("the last one").isEqualTo(1);
        assertThat(queue.snapshot(0).droppedPackets()).isEqualTo(3);
        assertThat(queue.snapshot(0).held()).isEqualTo(Traffic.NONE);
        assertThat(queue.take(new Block[4])).isEqualTo(1);
    }

    @Test
    void keepsWhatHasWaitedForAsLongAsANetworkMayKeepAFrame() {
        addAt(0);
        queue.cut(0);
        assertThat(queue.release(0, GateQueue.MAX_HELD_NANOS).packets()).isEqualTo(1);
        assertThat(queue.snapshot(0).droppedPackets()).isZero();
    }

    @Test
    void hasRoomAgainForWhatComesOnceWhatFilledItIsTooOld() {
        HeldShare share = new HeldShare(2 * FRAME_BYTES, 0);
        GateQueue full = new GateQueue(1 << 20, share);
        add(full);
        add(full);
        assertThat(full.roomBytes(0)).isZero();

        GateQueue other = new GateQueue(1 << 20, share);
        assertThat(full.roomBytes(GateQueue.MAX_HELD_NANOS)).isZero();
        assertThat(full.roomBytes(GateQueue.MAX_HELD_NANOS + 1)).isEqualTo(2 * FRAME_BYTES);
        assertThat(full.snapshot(0).droppedPackets()).isEqualTo(2);

        add(full);
        add(full);
        full.cut(0);
        full.release(0, GateQueue.MAX_HELD_NANOS + 1);
        assertThat(other.roomBytes(0)).as("and so have other VMs").isEqualTo(2 * FRAME_BYTES);
    }

    @Test
    void whatIsTooOldDoesNotLeaveWithWhatPasses() throws InterruptedException {
        addAt(0);
        addAt(2 * SECOND_NANOS);
        queue.passThrough(true, GateQueue.MAX_HELD_NANOS + 1);
        assertThat(queue.take(new Block[4])).isEqualTo(1);
        assertThat(queue.snapshot(0).droppedPackets()).isEqualTo(1);
    }

    @Test
    void hasNothingOpenWhileOutputPassesOrIsGivenUp() {
        addAt(100);
        queue.passThrough(true, 0);
        addAt(110);
        assertThat(open(200)).containsExactly(0, 0);

        queue.passThrough(false, 0);
        addAt(210);
        assertThat(open(220)).containsExactly(1, 10);
        queue.giveUp(GateState.DISCARDED, "test");
        assertThat(open(230)).containsExactly(0, 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = GateState.class,
            names = {"DISCARDED", "FAILED"})
    void staysGivenUp(GateState end) throws InterruptedException {
        add();
        assertThat(queue.giveUp(end, "test")).isTrue();
        for (GateState next : GateState.values()) {
            assertThat(end.allows(next)).isFalse();
        }
        assertThat(queue.giveUp(GateState.FAILED, "again")).isFalse();
        queue.passThrough(true, 0);
        queue.passThrough(false, 0);
        add();
        assertThat(queue.cut(1)).isZero();
        assertThat(queue.release(1, 0)).isEqualTo(Released.NONE);
        assertThat(queue.take(new Block[1])).isZero();
        assertThat(queue.roomBytes(0)).isZero();
        assertThat(queue.state()).isEqualTo(end);
        assertThat(queue.snapshot(0).droppedPackets()).isEqualTo(2);
    }

    /** Packets since the last cut, and the age of the oldest. */
    private long[] open(long nowNanos) {
        GateSnapshot now = queue.snapshot(nowNanos);
        return new long[] {now.openPackets(), now.oldestOpenNanos()};
    }

    private void add() {
        addAt(0);
    }

    private void add(GateQueue to) {
        to.add(new Block(chunk, position, position + FRAME_BYTES, 1, 0), new Traffic(1, FRAME_BYTES));
        position += FRAME_BYTES;
    }

    private void addAt(long nowNanos) {
        queue.add(new Block(chunk, position, position + FRAME_BYTES, 1, nowNanos), new Traffic(1, FRAME_BYTES));
        position += FRAME_BYTES;
    }
}
