package io.lull.worker.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.worker.qemu.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gate of plugs in a real kernel, that of the test guest. */
@Tag("guest")
class PlugInKernelIT extends OutputGateContract {
    private static final long DRAIN_NANOS = 20_000_000_000L;
    private static final PlugPlace PLACE = new PlugPlace(GuestKernel.TAP, GuestKernel.IFB, 1 << 20);

    @TempDir
    static Path machine;

    private static GuestKernel kernel;
    private static long run;

    @BeforeAll
    static void boot() throws Exception {
        kernel = new GuestKernel(machine);
    }

    @AfterAll
    static void shutDown() throws IOException {
        kernel.close();
    }

    @Override
    GateRig rig(Path directory) throws Exception {
        return new Rig(PLACE);
    }

    @Override
    long leakMillis() {
        return 100;
    }

    @Override
    int epochs() {
        return 100;
    }

    /** A worker, and what is behind the TAP that it has its gate at. */
    private static final class Rig implements GateRig, CommandLine.Tools {
        private final List<String> losses = new CopyOnWriteArrayList<>();
        private final AtomicBoolean lost = new AtomicBoolean();
        private final long number = ++run;
        private final BarrierGate gate;

        Rig(PlugPlace place) throws IOException {
            gate = BarrierGate.hold(new PlugQueue(this, place), losses::add, PATIENT_NANOS);
        }

        @Override
        public CommandLine tc() throws IOException {
            requireTools();
            return kernel.tc();
        }

        @Override
        public CommandLine ip() throws IOException {
            requireTools();
            return kernel.ip();
        }

        private void requireTools() throws IOException {
            if (lost.get()) {
                throw new IOException("no program can be started");
            }
        }

        @Override
        public OutputGate gate() {
            return gate;
        }

        @Override
        public void send(long tag) throws Exception {
            kernel.send(number, tag);
        }

        @Override
        public List<Long> left() {
            return kernel.left(number);
        }

        /** As when the worker dies: nobody says anything to anybody. */
        @Override
        public void lose() {
            lost.set(true);
            kernel.cutOff();
        }

        @Override
        public List<String> losses() {
            return losses;
        }

        @Override
        public void close() throws IOException {
            gate.close();
            kernel.cleanUp();
        }
    }

    /** The contract's own gate is taken away first. */
    private static Rig alone(PlugPlace place) throws IOException {
        kernel.cutOff();
        kernel.cleanUp();
        return new Rig(place);
    }

    private static void checkpoint(OutputGate gate, long epoch) {
        gate.prepare(epoch);
        gate.cut(epoch);
    }

    private static JsonNode queues() throws IOException {
        try (CommandLine tc = kernel.tc()) {
            return tc.ask("qdisc show dev " + GuestKernel.IFB);
        }
    }

    @Test
    void whatADeadWorkerHeldIsDroppedAndNothingPassesUntilTheNextOneLetsIt() throws Exception {
        try (Rig dead = alone(PLACE)) {
            dead.send(1);
            checkpoint(dead.gate(), 1);
            dead.send(2);
            dead.lose();
            dead.send(3);
            assertOnlyLeft(dead);
            assertThat(PlugBands.root(queues()).path("qlen").asInt()).isEqualTo(3);

            assertThat(new PlugDevices(kernel, PLACE).areLeft()).isTrue();
            Rig next = new Rig(PLACE);
            assertThat(PlugBands.root(queues()).path("qlen").asInt()).isZero();
            next.send(4);
            assertOnlyLeft(next);
            assertThat(dead.left()).isEmpty();
            next.gate().passThrough();
            Await.until("what the next one held has left", () -> next.left().equals(List.of(4L)));
            next.gate.remove();
            next.send(5);
            Await.until("output flows", () -> next.left().equals(List.of(4L, 5L)));
            assertThat(dead.left()).isEmpty();
            assertThat(new PlugDevices(kernel, PLACE).areLeft()).isFalse();
        }
    }

    @Test
    void whatIsBeyondAnEpochsShareIsDroppedAndTheRestLeavesInOrder() throws Exception {
        try (Rig rig = alone(new PlugPlace(GuestKernel.TAP, GuestKernel.IFB, 10L * UdpFrame.BYTES * PlugBands.COUNT))) {
            for (int tag = 1; tag <= 13; tag++) {
                rig.send(tag);
            }
            assertThat(PlugBands.root(queues()).path("drops").asInt()).isEqualTo(3);
            checkpoint(rig.gate(), 1);
            rig.send(14);
            rig.gate().release(1);
            checkpoint(rig.gate(), 2);
            rig.gate().release(2);
            assertThat(rig.gate().awaitDrained(DRAIN_NANOS)).isTrue();
            List<Long> expected = LongStream.concat(LongStream.rangeClosed(1, 10), LongStream.of(14))
                    .boxed()
                    .toList();
            Await.until("the rest has left", () -> rig.left().equals(expected));
        }
    }

    @Test
    void aSteadyStreamNeverLeavesBeforeItsEpochAndKeepsItsOrder() throws Exception {
        try (Rig rig = alone(PLACE)) {
            AtomicLong sent = new AtomicLong();
            AtomicBoolean ended = new AtomicBoolean();
            Thread stream = new Thread(() -> stream(rig, sent, ended), "stream");
            stream.start();
            int epochs = 60;
            for (int epoch = 1; epoch <= epochs; epoch++) {
                checkpoint(rig.gate(), epoch);
                long sentAtCut = sent.get() + 1;
                rig.gate().release(epoch);
                assertThat(rig.gate().awaitDrained(DRAIN_NANOS)).isTrue();
                assertThat(rig.left()).isSorted().allMatch(tag -> tag <= sentAtCut);
            }
            ended.set(true);
            stream.join();
            kernel.awaitReceived();
            rig.gate().passThrough();
            assertThat(sent.get()).isGreaterThan(epochs);
            Await.until("all has left", () -> rig.left().size() == sent.get());
            assertThat(rig.left()).isSorted();
        }
    }

    private static void stream(Rig rig, AtomicLong sent, AtomicBoolean ended) {
        try {
            while (!ended.get()) {
                kernel.sendOn(rig.number, sent.incrementAndGet());
                // A steady stream, and not all that the plugs have room for.
                Thread.sleep(1);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void leavesAloneWhatIsNotItsOwnAndSaysWhatToDo() throws Exception {
        kernel.cutOff();
        kernel.cleanUp();
        try (CommandLine tc = kernel.tc()) {
            tc.ask("qdisc add dev " + GuestKernel.TAP + " ingress", "qdisc show dev " + GuestKernel.TAP);
            assertThatThrownBy(() -> new Rig(PLACE)).hasMessageContaining("tc qdisc del dev eth0 ingress");
            tc.ask("qdisc del dev " + GuestKernel.TAP + " ingress", "qdisc show dev " + GuestKernel.TAP);
        }
        try (CommandLine ip = kernel.ip()) {
            ip.ask("link add " + GuestKernel.IFB + " type ifb", "link show");
            assertThatThrownBy(() -> new Rig(PLACE)).hasMessageContaining("network.ifb");
            ip.ask("link del " + GuestKernel.IFB, "link show");
        }
        assertThatThrownBy(() -> new Rig(new PlugPlace("eth9", GuestKernel.IFB, 1 << 20)))
                .hasMessageContaining("there is no device 'eth9'");
    }

    @Test
    void aMarkAndAReleaseTakeAsLongAsSomeQuestions() throws Exception {
        kernel.cutOff();
        kernel.cleanUp();
        PlugQueue queue = new PlugQueue(kernel, PLACE);
        queue.hold();
        int rounds = 200;
        long[] marks = new long[rounds];
        long[] releases = new long[rounds];
        for (int i = 0; i < rounds; i++) {
            long begin = System.nanoTime();
            queue.mark();
            long marked = System.nanoTime();
            queue.releaseOldest();
            marks[i] = marked - begin;
            releases[i] = System.nanoTime() - marked;
        }
        queue.remove();
        queue.close();
        Arrays.sort(marks);
        Arrays.sort(releases);
        System.out.printf(
                "Under TCG, commands carried over TCP: a mark %.1f ms, a release %.1f ms (medians of %d; p99 %.1f and %.1f)%n",
                marks[rounds / 2] / 1e6,
                releases[rounds / 2] / 1e6,
                rounds,
                marks[rounds * 99 / 100] / 1e6,
                releases[rounds * 99 / 100] / 1e6);
        assertThat(marks[rounds / 2]).isLessThan(BarrierGate.PREPARE_LIMIT_NANOS);
    }
}
