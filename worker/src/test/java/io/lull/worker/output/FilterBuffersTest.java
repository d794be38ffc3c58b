package io.lull.worker.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.qemu.Await;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FilterBuffersTest {
    private static final long DRAIN_NANOS = 20_000_000_000L;

    private final ModelQemu qemu = new ModelQemu();
    private final List<String> losses = new CopyOnWriteArrayList<>();

    private PlacedGate place(String prefix) throws IOException {
        return PlacedGate.of(BarrierGate.hold(
                new FilterBuffers(qemu, prefix, ModelQemu.NETDEV), losses::add, OutputGateContract.PATIENT_NANOS));
    }

    @Test
    void aBufferIsThereBeforeItsWallAndTheWallGoesBeforeItsBuffer() throws Exception {
        OutputGate gate = place("g-1").gate();
        assertThat(qemu.takeDone())
                .containsExactly("chardev-add g-1-sink-1", "object-add g-1-buffer-1", "object-add g-1-wall-1");
        gate.prepare(1);
        gate.cut(1);
        assertThat(qemu.takeDone())
                .containsExactly("chardev-add g-1-sink-2", "object-add g-1-buffer-2", "object-add g-1-wall-2");
        gate.release(1);
        gate.awaitDrained(DRAIN_NANOS);
        assertThat(qemu.takeDone()).containsExactly("object-del g-1-wall-1", "object-del g-1-buffer-1");
        gate.prepare(2);
        assertThat(qemu.takeDone())
                .as("a character device is used again")
                .containsExactly("object-add g-1-buffer-3", "object-add g-1-wall-3");
        gate.close();
    }

    @Test
    void theCutTellsQemuNothing() throws Exception {
        OutputGate gate = place("g-1").gate();
        gate.prepare(1);
        qemu.takeDone();
        gate.cut(1);
        gate.cut(2);
        assertThat(qemu.takeDone()).isEmpty();
        gate.close();
    }

    @Test
    void whatQemusOwnTimerLetsGoOfWhatIsNotReleasedIsLost() throws Exception {
        OutputGate gate = place("g-1").gate();
        qemu.send(1);
        gate.prepare(1);
        gate.cut(1);
        qemu.send(2);
        gate.close();
        qemu.intervalEnds();
        qemu.intervalEnds();
        assertThat(qemu.left()).isEmpty();
    }

    @Test
    void withAllMarksInUseOutputGoesWithALaterEpochAndNoneEarly() throws Exception {
        OutputGate gate = place("g-1").gate();
        int epochs = FilterBuffers.MAX_MARKS + 5;
        for (int epoch = 1; epoch <= epochs; epoch++) {
            qemu.send(epoch);
            gate.prepare(epoch);
            gate.cut(epoch);
        }
        gate.release(epochs);
        assertThat(gate.awaitDrained(DRAIN_NANOS)).isTrue();
        assertThat(qemu.left()).hasSize(FilterBuffers.MAX_MARKS);
        gate.prepare(epochs + 1L);
        gate.cut(epochs + 1L);
        gate.release(epochs + 1L);
        assertThat(gate.awaitDrained(DRAIN_NANOS)).isTrue();
        assertThat(qemu.left()).hasSize(epochs).isSorted();
        gate.close();
    }

    @Test
    void takenOutItLeavesNothingAndDropsWhatItHeld() throws Exception {
        PlacedGate placed = place("g-1");
        qemu.send(1);
        placed.gate().prepare(1);
        qemu.send(2);
        placed.remove();
        qemu.send(3);
        assertThat(qemu.parts()).isEmpty();
        assertThat(qemu.left()).containsExactly(3L);
        assertThat(placed.gate().state()).isEqualTo(GateState.DISCARDED);
        assertThat(losses).isEmpty();
    }

    @Test
    void takenOutAfterItPassedItDropsNothing() throws Exception {
        PlacedGate placed = place("g-1");
        qemu.send(1);
        placed.gate().passThrough();
        placed.gate().awaitDrained(DRAIN_NANOS);
        qemu.send(2);
        placed.remove();
        assertThat(qemu.parts()).isEmpty();
        assertThat(qemu.left()).containsExactly(1L, 2L);
    }

    @Test
    void whenQemuRefusesAPartNothingIsLeftBehind() {
        for (String part : List.of("chardev-add g-1-sink-1", "object-add g-1-buffer-1", "object-add g-1-wall-1")) {
            qemu.refuse(part);
            assertThatThrownBy(() -> place("g-1")).hasMessageContaining(part);
            assertThat(qemu.parts()).as(part).isEmpty();
        }
        assertThat(losses).isEmpty();
    }

    @Test
    void aMarkThatQemuRefusesHalfLosesTheGateAndNotItsFrames() throws Exception {
        OutputGate gate = place("g-1").gate();
        qemu.send(1);
        qemu.refuse("object-add g-1-wall-2");
        gate.prepare(1);
        Await.until("the loss is told", () -> !losses.isEmpty());
        assertThat(losses.get(0)).contains("g-1-wall-2");
        qemu.send(2);
        qemu.intervalEnds();
        assertThat(qemu.left()).isEmpty();
    }

    @Test
    void aReleaseThatFailsHalfwayLosesTheGateAndLetsOnlyGoWhatWasReleased() throws Exception {
        OutputGate gate = place("g-1").gate();
        qemu.send(1);
        gate.prepare(1);
        gate.cut(1);
        qemu.send(2);
        qemu.refuse("object-del g-1-buffer-1");
        gate.release(1);
        Await.until("the loss is told", () -> !losses.isEmpty());
        assertThat(qemu.left()).isEmpty();
        qemu.intervalEnds();
        assertThat(qemu.left()).containsExactly(1L);
        assertThat(gate.state()).isEqualTo(GateState.FAILED);
    }

    @Test
    void outputThatCanNotBeHeldIsNoCheckpointsAndTheLossSaysThatItPasses() throws Exception {
        for (String part : List.of("object-add g-1-buffer-", "object-add g-1-wall-")) {
            losses.clear();
            OutputGate gate = place("g-1").gate();
            gate.passThrough();
            gate.awaitDrained(DRAIN_NANOS);
            qemu.refuse(part);
            assertThatThrownBy(gate::hold)
                    .as(part)
                    .hasMessageContaining("can't be held")
                    .hasMessageContaining("FAILED");
            Await.until("the loss is told", () -> !losses.isEmpty());
            assertThat(losses.get(0)).as(part).contains("output passes");
            qemu.send(1);
            gate.close();
            // That it was refused once says nothing of the next attempt.
            qemu.refuse("");
            gate.close();
            qemu.send(2);
            qemu.intervalEnds();
            assertThat(qemu.left()).as(part).containsExactly(1L);
            EarlierGates.find(qemu, "g").remove(ModelQemu.NETDEV);
            qemu.forgetLeft();
        }
    }

    @Test
    void anInterruptedThreadClosesAnOpenGateAllTheSame() throws Exception {
        OutputGate gate = place("g-1").gate();
        gate.passThrough();
        gate.awaitDrained(DRAIN_NANOS);
        Thread.currentThread().interrupt();
        gate.discard();
        assertThat(Thread.interrupted()).isTrue();
        qemu.send(1);
        qemu.intervalEnds();
        assertThat(qemu.left()).isEmpty();
        gate.close();
    }

    @Test
    void whatAnEarlierWorkerHeldNeverLeavesThoughItDiedInARelease() throws Exception {
        OutputGate dead = place("g-1").gate();
        qemu.send(1);
        dead.prepare(1);
        dead.cut(1);
        qemu.send(2);
        dead.close();
        // It had begun to release epoch 1.
        qemu.execute("object-del", Map.of("id", "g-1-wall-1"));

        EarlierGates earlier = EarlierGates.find(qemu, "g");
        assertThat(earlier.any()).isTrue();
        assertThat(earlier.freeNumber()).isEqualTo(2);
        PlacedGate next = place("g-2");
        qemu.send(3);
        earlier.remove(ModelQemu.NETDEV);
        assertThat(qemu.left()).isEmpty();
        assertThat(qemu.parts()).allMatch(id -> id.startsWith("g-2-"));

        next.gate().passThrough();
        next.gate().awaitDrained(DRAIN_NANOS);
        assertThat(qemu.left()).as("only what the new gate held").containsExactly(3L);
        next.remove();
        assertThat(qemu.parts()).isEmpty();
    }

    @Test
    void anEarlierBufferThatCanNotBeTakenOutKeepsItsWalls() throws Exception {
        OutputGate dead = place("g-1").gate();
        qemu.send(1);
        dead.close();
        qemu.refuse("object-del g-1-buffer-1");
        EarlierGates earlier = EarlierGates.find(qemu, "g");
        assertThatThrownBy(() -> earlier.remove(ModelQemu.NETDEV)).hasMessageContaining("g-1-buffer-1");
        qemu.intervalEnds();
        assertThat(qemu.left()).isEmpty();

        // Whoever comes next goes on there.
        qemu.refuse("");
        EarlierGates.find(qemu, "g").remove(ModelQemu.NETDEV);
        assertThat(qemu.parts()).isEmpty();
        assertThat(qemu.left()).isEmpty();
    }
}
