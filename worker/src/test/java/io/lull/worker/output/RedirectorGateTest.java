package io.lull.worker.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.qemu.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RedirectorGateTest {
    private static final int ETHERNET_BYTES = 60;
    private static final int HELD_BYTES = Frames.tagged(0, 0, ETHERNET_BYTES).length;

    @TempDir
    Path directory;

    private QemuSide qemu;

    @BeforeEach
    void listen() throws IOException {
        qemu = new QemuSide(directory);
    }

    @AfterEach
    void close() throws IOException {
        qemu.close();
    }

    @Test
    void letsExactlyTheReleasedEpochsGo() throws Exception {
        QemuSide.Ends ends = qemu.connect();
        RedirectorGate gate = ends.gate();
        for (int epoch = 1; epoch <= 3; epoch++) {
            sendAndAwait(ends, epoch);
            gate.cut(epoch);
        }
        sendAndAwait(ends, 4);
        assertThat(gate.snapshot().leaving()).isEqualTo(Traffic.NONE);

        Released released = gate.release(2).orElseThrow();
        assertThat(released.packets()).isEqualTo(2);
        assertThat(released.bytes()).isEqualTo(2L * HELD_BYTES);
        expect(ends, 1);
        expect(ends, 2);
        assertThat(gate.release(2)).contains(Released.NONE);
        assertThat(gate.release(1)).contains(Released.NONE);
        assertThat(gate.snapshot().held()).isEqualTo(new Traffic(2, 2L * HELD_BYTES));

        gate.cut(4);
        gate.release(4);
        expect(ends, 3);
        expect(ends, 4);
        assertThat(gate.awaitDrained(10_000_000_000L)).isTrue();
        assertThat(gate.snapshot().sent()).isEqualTo(new Traffic(4, 4L * ETHERNET_BYTES));
    }

    @Test
    void tellsHowLongTheOldestFrameWaited() throws Exception {
        AtomicLong now = new AtomicLong(1_000);
        QemuSide.Ends ends = qemu.connect(1 << 20, FrameTap.NONE, now::get);
        assertThat(ends.gate().snapshot().lastOutputNanos()).isEmpty();
        sendAndAwait(ends, 1);
        now.set(1_400);
        sendAndAwait(ends, 2);
        now.set(1_500);
        assertThat(ends.gate().snapshot().oldestHeldNanos()).isEqualTo(500);
        assertThat(ends.gate().snapshot().lastOutputNanos()).hasValue(1_400);
        ends.gate().cut(0);
        now.set(1_700);
        assertThat(ends.gate().release(0).orElseThrow().oldestWaitNanos()).isEqualTo(700);
        assertThat(ends.gate().snapshot().oldestHeldNanos()).isZero();
        assertThat(ends.gate().awaitDrained(10_000_000_000L)).isTrue();
        assertThat(ends.gate().hasBeenQuietSince(1_700)).isFalse();
        assertThat(ends.gate().hasBeenQuietSince(1_701)).isTrue();
    }

    @Test
    void dropsFramesOverTheBoundAndTakesNewOnesWhenThereIsRoomAgain() throws Exception {
        QemuSide.Ends ends = qemu.connect(3L * HELD_BYTES + 1, FrameTap.NONE, System::nanoTime);
        for (int i = 1; i <= 5; i++) {
            sendAndAwait(ends, i);
        }
        assertThat(ends.gate().snapshot().droppedPackets()).isEqualTo(2);
        ends.gate().cut(1);
        assertThat(ends.gate().release(1).orElseThrow().packets()).isEqualTo(3);
        for (int i = 1; i <= 3; i++) {
            expect(ends, i);
        }
        Await.until("room is free", () -> ends.gate().snapshot().leaving().packets() == 0);
        sendAndAwait(ends, 6);
        ends.gate().cut(2);
        ends.gate().release(2);
        expect(ends, 6);
        assertThat(ends.gate().snapshot().droppedPackets()).isEqualTo(2);
    }

    @Test
    void readsOnThoughTheNetworkSideTakesNothing() throws Exception {
        QemuSide.Ends ends = qemu.connect(1 << 20, FrameTap.NONE, System::nanoTime);
        ends.gate().passThrough();
        byte[] frame = Frames.tagged(0, 0, 60_000);
        int count = 300;
        for (int i = 0; i < count; i++) {
            // This blocks for ever, and so runs into the time limit, if the gate ever stops reading.
            QemuSide.send(ends.out(), frame);
        }
        Await.until("all frames are read", () -> ends.gate().snapshot().sent().packets() == count);
        assertThat(ends.gate().snapshot().leaving().bytes()).isBetween(1L, 1L << 20);
        assertThat(ends.gate().snapshot().droppedPackets()).isGreaterThan(count / 2);
    }

    @Test
    void letsHeldFramesGoFirstWhenItPassesAndHoldsAgainAfterwards() throws Exception {
        QemuSide.Ends ends = qemu.connect();
        sendAndAwait(ends, 1);
        ends.gate().cut(7);
        sendAndAwait(ends, 2);
        ends.gate().passThrough();
        sendAndAwait(ends, 3);
        for (int i = 1; i <= 3; i++) {
            expect(ends, i);
        }
        ends.gate().hold();
        sendAndAwait(ends, 4);
        assertThat(ends.gate().state()).isEqualTo(GateState.HOLDING);
        assertThat(ends.gate().snapshot().held().packets()).isEqualTo(1);
    }

    @Test
    void dropsAllForGoodOnceDiscardedAndStillReads() throws Exception {
        QemuSide.Ends ends = qemu.connect();
        sendAndAwait(ends, 1);
        ends.gate().cut(1);
        sendAndAwait(ends, 2);
        ends.gate().discard();
        sendAndAwait(ends, 3);
        assertThat(ends.gate().release(1)).contains(Released.NONE);
        ends.gate().passThrough();
        assertThat(ends.gate().state()).isEqualTo(GateState.DISCARDED);
        assertThat(ends.gate().snapshot().droppedPackets()).isEqualTo(3);
        assertThat(ends.gate().snapshot().held()).isEqualTo(Traffic.NONE);
        assertThat(ends.in().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(qemu.losses()).isEmpty();
    }

    @Test
    void failsClosedWhenTheFramingIsHostile() throws Exception {
        QemuSide.Ends ends = qemu.connect();
        sendAndAwait(ends, 1);
        ends.gate().cut(1);
        QemuSide.send(ends.out(), new byte[] {0x7f, 0, 0, 0});
        assertThat(ends.out().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        Await.until("the loss is told", () -> qemu.losses().size() == 1);
        assertThat(qemu.losses().get(0)).contains("\"out\"").contains("2130706432");
        assertThat(ends.gate().state()).isEqualTo(GateState.FAILED);
        assertThat(ends.gate().release(1)).contains(Released.NONE);
        assertThat(ends.gate().snapshot().droppedPackets()).isEqualTo(1);
    }

    @Test
    void isLostOnceWhenSocketsEnd() throws Exception {
        QemuSide.Ends ends = qemu.connect();
        ends.mirror().close();
        ends.out().close();
        Await.until("the loss is told", () -> !qemu.losses().isEmpty());
        ends.gate().close();
        assertThat(qemu.losses()).hasSize(1);
    }

    @Test
    void isLostWhenReleasedFramesCannotGoBackAndReadsOn() throws Exception {
        QemuSide.Ends ends = qemu.connect();
        ends.in().close();
        sendAndAwait(ends, 1);
        ends.gate().cut(1);
        ends.gate().release(1);
        Await.until("the loss is told", () -> !qemu.losses().isEmpty());
        assertThat(qemu.losses().get(0)).contains("\"in\"");
        sendAndAwait(ends, 2);
    }

    @Test
    void showsTheTapBothDirections() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        QemuSide.Ends ends = qemu.connect(
                1 << 20,
                new FrameTap() {
                    @Override
                    public void fromGuest(ByteBuffer buffer, int offset, int length, int vnetHeader, long nowNanos) {
                        seen.add("out " + buffer.getLong(offset + vnetHeader) + " " + length + " " + nowNanos);
                    }

                    @Override
                    public void toGuest(ByteBuffer buffer, int offset, int length, int vnetHeader, long nowNanos) {
                        seen.add("in " + buffer.getLong(offset + vnetHeader) + " " + length + " " + nowNanos);
                    }
                },
                () -> 5);
        QemuSide.send(ends.mirror(), Frames.tagged(8, 0, ETHERNET_BYTES));
        Await.until(
                "the mirrored frame is seen",
                () -> ends.gate().snapshot().received().packets() == 1);
        sendAndAwait(ends, 9);
        assertThat(seen).containsExactly("in 8 72 5", "out 9 72 5");
        assertThat(ends.gate().snapshot().received()).isEqualTo(new Traffic(1, ETHERNET_BYTES));
    }

    @Test
    void leavesNothingOpenWhenASocketIsMissing() throws Exception {
        GateSockets missing = new GateSockets(qemu.sockets.out(), directory.resolve("nowhere"), qemu.sockets.mirror());
        assertThatThrownBy(() ->
                        RedirectorGate.connect(missing, GateConfig.DEFAULT, qemu, FrameTap.NONE, System::nanoTime))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nowhere");
        assertThat(qemu.losses()).isEmpty();
    }

    private static void sendAndAwait(QemuSide.Ends ends, long tag) throws Exception {
        long before = ends.gate().snapshot().sent().packets();
        QemuSide.send(ends.out(), Frames.tagged(tag, 0, ETHERNET_BYTES));
        Await.until(
                "frame " + tag + " is read", () -> ends.gate().snapshot().sent().packets() == before + 1);
    }

    private static void expect(QemuSide.Ends ends, long tag) throws IOException {
        assertThat(QemuSide.receive(ends.in(), HELD_BYTES)).isEqualTo(Frames.tagged(tag, 0, ETHERNET_BYTES));
    }
}
