package io.lull.worker.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.qemu.Await;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PlugQueueTest {
    private static final long DRAIN_NANOS = 20_000_000_000L;
    private static final String REDIRECT =
            "filter add dev tap0 parent ffff: protocol all prio 1 matchall action mirred egress redirect dev lull0";

    private final ModelKernel kernel = new ModelKernel();
    private final List<String> losses = new CopyOnWriteArrayList<>();

    private BarrierGate place() throws IOException {
        return PlugQueue.gate(kernel, ModelKernel.PLACE, losses::add);
    }

    private static void checkpoint(OutputGate gate, long epoch) {
        gate.prepare(epoch);
        gate.cut(epoch);
    }

    @Test
    void thePlugsStandBeforeTheDeviceIsUpAndThatIsUpBeforeOutputIsSentThere() throws Exception {
        place();
        List<String> done = kernel.takeDone();
        assertThat(done).first().isEqualTo("link add lull0 type ifb");
        assertThat(done.subList(done.size() - 3, done.size()))
                .containsExactly("link set lull0 up", "qdisc add dev tap0 ingress", REDIRECT);
        assertThat(done.subList(3, done.size() - 3))
                .hasSize(PlugBands.COUNT)
                .allMatch(command -> command.endsWith(": plug limit 600"));
    }

    /** Without a gate, whose marks may come late. */
    private PlugQueue queue() throws IOException {
        PlugQueue queue = new PlugQueue(kernel, ModelKernel.PLACE);
        queue.hold();
        kernel.takeDone();
        return queue;
    }

    @Test
    void aMarkIsOneStepOfTheKernelIntoAPluggedBandAndAReleaseUnplugsTheOldestOne() throws Exception {
        PlugQueue queue = queue();
        queue.mark();
        assertThat(kernel.takeDone())
                .containsExactly(
                        "qdisc change dev lull0 parent 1:2 handle 12: plug block",
                        "qdisc change dev lull0 root handle 1: prio bands 4 priomap 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1");
        queue.releaseOldest();
        assertThat(kernel.takeDone())
                .containsExactly("qdisc change dev lull0 parent 1:1 handle 11: plug release_indefinite");
    }

    @Test
    void theCutTellsTheKernelNothing() throws Exception {
        OutputGate gate = place();
        kernel.takeDone();
        gate.cut(1);
        gate.cut(2);
        assertThat(kernel.takeDone()).isEmpty();
        gate.close();
    }

    @Test
    void whatIsReleasedDoesNotOvertakeWhatWasReleasedBeforeAndHasNotLeft() throws Exception {
        PlugQueue queue = queue();
        kernel.send(1);
        queue.mark();
        kernel.send(2);
        queue.mark();
        kernel.stick(true);
        assertThatThrownBy(queue::releaseOldest).hasMessageContaining("1000 ms");
        assertThat(kernel.takeDone()).noneMatch(command -> command.contains("12: plug release"));
        kernel.stick(false);
        queue.releaseOldest();
        queue.releaseOldest();
        assertThat(kernel.left()).containsExactly(1L, 2L);
    }

    @Test
    void hasRoomForAsManyMarksAsItSaysAndUsesBandsAgain() throws Exception {
        PlugQueue queue = queue();
        long sent = 0;
        for (int round = 0; round < 3; round++) {
            for (int mark = 0; mark < queue.maxMarks(); mark++) {
                kernel.send(++sent);
                queue.mark();
            }
            assertThatThrownBy(queue::mark).isInstanceOf(IllegalStateException.class);
            for (int mark = 0; mark < queue.maxMarks(); mark++) {
                queue.releaseOldest();
            }
            assertThatThrownBy(queue::releaseOldest).isInstanceOf(IllegalStateException.class);
            assertThat(kernel.left()).hasSize((int) sent).isSorted();
        }
    }

    @Test
    void whatIsBeyondAnEpochsShareIsDroppedAndTheRestLeaves() throws Exception {
        PlugQueue queue = queue();
        LongStream.rangeClosed(1, 12).forEach(kernel::send);
        queue.mark();
        kernel.send(13);
        queue.releaseOldest();
        assertThat(kernel.left())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 10).boxed().toList());
        queue.mark();
        queue.releaseOldest();
        assertThat(kernel.left()).endsWith(13L).hasSize(11);
    }

    @Test
    void takenOutItLeavesNothingAndDropsWhatItHeld() throws Exception {
        BarrierGate gate = place();
        kernel.send(1);
        checkpoint(gate, 1);
        kernel.send(2);
        gate.remove();
        kernel.send(3);
        assertThat(kernel.devices()).containsExactly(ModelKernel.TAP);
        assertThat(kernel.hasIngress()).isFalse();
        assertThat(kernel.left()).containsExactly(3L);
        assertThat(losses).isEmpty();
        assertThat(kernel.ended).as("no program is left").isEqualTo(kernel.programs);
    }

    @Test
    void takenOutAfterItPassedItDropsNothing() throws Exception {
        BarrierGate gate = place();
        kernel.send(1);
        gate.passThrough();
        gate.awaitDrained(DRAIN_NANOS);
        kernel.stick(true);
        kernel.send(2);
        Thread late = new Thread(() -> kernel.stick(false));
        late.start();
        gate.remove();
        late.join();
        assertThat(kernel.left()).containsExactly(1L, 2L);
        assertThat(kernel.devices()).containsExactly(ModelKernel.TAP);
    }

    @Test
    void whateverTheKernelRefusesNothingIsLeftBehindAndOutputFlows() throws Exception {
        for (String part :
                List.of("link add", "root handle 1:", "14: plug limit", "lull0 up", "add dev tap0 ingress", "mirred")) {
            kernel.refuse(part);
            assertThatThrownBy(this::place).as(part).hasMessageContaining(part);
            kernel.refuse("");
            assertThat(kernel.devices()).as(part).containsExactly(ModelKernel.TAP);
            assertThat(kernel.hasIngress()).as(part).isFalse();
        }
        kernel.send(1);
        assertThat(kernel.left()).containsExactly(1L);
        place().close();
    }

    @Test
    void aMarkThatFailsHalfwayLosesTheGateAndNothingLeaves() throws Exception {
        OutputGate gate = place();
        kernel.send(1);
        kernel.refuse("priomap");
        gate.prepare(1);
        Await.until("the loss is told", () -> !losses.isEmpty());
        kernel.send(2);
        gate.cut(1);
        gate.release(1);
        assertThat(kernel.left()).isEmpty();
        assertThat(gate.state()).isEqualTo(GateState.FAILED);
    }

    @Test
    void aTcThatDiedWhileOutputPassedIsNoReasonNotToHoldIt() throws Exception {
        OutputGate gate = place();
        gate.passThrough();
        gate.awaitDrained(DRAIN_NANOS);
        kernel.killPrograms();
        gate.hold();
        assertThat(gate.state()).isEqualTo(GateState.HOLDING);
        kernel.send(1);
        assertThat(kernel.left()).isEmpty();
        gate.close();
    }

    @Test
    void oneThatDiesWhileOutputIsHeldLosesTheGateAndTheNextProgramTakesItAway() throws Exception {
        BarrierGate gate = place();
        kernel.send(1);
        kernel.killPrograms();
        gate.prepare(1);
        Await.until("the loss is told", () -> !losses.isEmpty());
        kernel.send(2);
        assertThat(kernel.left()).isEmpty();
        gate.remove();
        assertThat(kernel.devices()).containsExactly(ModelKernel.TAP);
        assertThat(kernel.left()).isEmpty();
    }

    @Test
    void outputThatCanNotBeHeldLosesTheGateWhichIsTriedAgain() throws Exception {
        OutputGate gate = place();
        gate.passThrough();
        gate.awaitDrained(DRAIN_NANOS);
        kernel.refuse("plug block");
        assertThatThrownBy(gate::hold).hasMessageContaining("can't be held").hasMessageContaining("FAILED");
        Await.until("the loss is told", () -> !losses.isEmpty());
        assertThat(losses.get(0)).contains("output passes");
        kernel.refuse("");
        gate.close();
        kernel.send(1);
        assertThat(kernel.left()).as("another attempt may succeed").isEmpty();
    }

    @Test
    void somebodyElsesChangeLosesTheGate() throws Exception {
        OutputGate gate = place();
        kernel.byHand("qdisc del dev lull0 root");
        gate.prepare(1);
        Await.until("the loss is told", () -> !losses.isEmpty());
    }

    @Test
    void whatADeadWorkerHeldIsDroppedAndNothingPassesUntilTheNextOneLetsIt() throws Exception {
        OutputGate dead = place();
        kernel.send(1);
        checkpoint(dead, 1);
        kernel.send(2);
        dead.close();
        kernel.send(3);
        assertThat(new PlugDevices(kernel, ModelKernel.PLACE).areLeft()).isTrue();
        kernel.takeDone();

        BarrierGate next = place();
        assertThat(kernel.takeDone())
                .startsWith("link set lull0 down", "qdisc del dev lull0 root")
                .endsWith("link set lull0 up");
        kernel.send(4);
        assertThat(kernel.left()).isEmpty();
        next.passThrough();
        next.awaitDrained(DRAIN_NANOS);
        assertThat(kernel.left()).containsExactly(4L);
        next.remove();
        assertThat(kernel.devices()).containsExactly(ModelKernel.TAP);
    }

    @Test
    void aTakeoverThatFailsLeavesTheGuestMute() throws Exception {
        place().close();
        for (String part : List.of("down", "del dev lull0 root", "1: prio", "13: plug limit", "lull0 up")) {
            kernel.refuse(part);
            assertThatThrownBy(this::place).as(part).hasMessageContaining(part);
            kernel.refuse("");
            kernel.send(1);
            assertThat(kernel.left()).as(part).isEmpty();
            assertThat(new PlugDevices(kernel, ModelKernel.PLACE).areLeft())
                    .as(part)
                    .isTrue();
        }
        place().remove();
        kernel.send(2);
        assertThat(kernel.left()).containsExactly(2L);
    }

    @Test
    void whatAWorkerLeftThatDiedBeforeItHeldAnythingIsMadeAfresh() throws Exception {
        kernel.byHand("link add lull0 type ifb");
        kernel.byHand("link set lull0 alias " + ModelKernel.PLACE.alias());
        kernel.byHand("qdisc add dev tap0 ingress");
        assertThat(new PlugDevices(kernel, ModelKernel.PLACE).areLeft()).isFalse();
        BarrierGate gate = place();
        kernel.send(1);
        assertThat(kernel.left()).isEmpty();
        gate.remove();
        assertThat(kernel.hasIngress()).isFalse();
    }

    @Test
    void leavesAloneWhatIsNotItsOwn() throws Exception {
        kernel.byHand("qdisc add dev tap0 ingress");
        assertThatThrownBy(this::place).hasMessageContaining("tc qdisc del dev tap0 ingress");
        kernel.byHand("link add other type ifb");
        kernel.byHand(REDIRECT.replace("lull0", "other"));
        assertThatThrownBy(this::place).hasMessageContaining("not this gate's");
        kernel.byHand("qdisc del dev tap0 ingress");

        kernel.byHand("link add lull0 type dummy");
        assertThatThrownBy(this::place).hasMessageContaining("network.ifb");
        assertThat(kernel.devices()).containsExactly("lull0", "other", ModelKernel.TAP);
        kernel.byHand("link del lull0");

        kernel.byHand("link del tap0");
        assertThatThrownBy(this::place).hasMessageContaining("there is no device 'tap0'", "network.tap");
    }

    @Test
    void aTcIsReplacedBeforeItHasGrown() throws Exception {
        PlugQueue queue = queue();
        int before = kernel.programs;
        int perEpoch = 5;
        int epochs = 2 * PlugQueue.COMMANDS_OF_ONE_TC / perEpoch + 10;
        for (int epoch = 1; epoch <= epochs; epoch++) {
            kernel.send(epoch);
            queue.mark();
            queue.releaseOldest();
        }
        assertThat(kernel.left()).hasSize(epochs);
        assertThat(kernel.programs - before).isEqualTo(2);
        queue.close();
        assertThat(kernel.ended).as("no program is left").isEqualTo(kernel.programs);
    }

    @Test
    void oneThatCanNotBeReplacedGoesOn() throws Exception {
        PlugQueue queue = queue();
        kernel.refuseStarts();
        for (int epoch = 1; epoch <= PlugQueue.COMMANDS_OF_ONE_TC; epoch++) {
            kernel.send(epoch);
            queue.mark();
            queue.releaseOldest();
        }
        assertThat(kernel.left()).hasSize(PlugQueue.COMMANDS_OF_ONE_TC);
    }
}
