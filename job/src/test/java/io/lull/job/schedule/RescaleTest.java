package io.lull.job.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.Samples;
import io.lull.job.stream.Inbound;
import io.lull.job.stream.Outgoing;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.signal.VmSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The scheduler on another number of subtasks than before. */
class RescaleTest {
    private static final int MAX_PARALLELISM = 120;
    private static final int VMS = 60;
    private static final SchedulerSettings SETTINGS = SchedulerHarness.settings("plover.idle", TriggerPlacement.JOB);

    private final AtomicLong nowMicros = new AtomicLong(SchedulerHarness.START_MICROS);
    private final Map<String, List<Long>> ended = new TreeMap<>();
    private int parallelism = 1;
    private @Nullable OperatorSubtaskState state;

    @Test
    void noVmIsLostOrStartsOverWhenTheJobIsSpreadFurtherAndBack() throws Exception {
        int[] spread = {1, 2, 4, 3, 1};
        for (int i = 0; i < spread.length; i++) {
            // The epoch of before goes on a little, then the next one begins.
            runOn(spread[i], i, i + 1);
        }

        assertThat(ended).hasSize(VMS);
        assertThat(ended).allSatisfy((vm, epochs) -> assertThat(epochs).containsExactly(1L, 2L, 3L, 4L, 5L));
    }

    private void runOn(int next, long... epochs) throws Exception {
        List<OperatorSubtaskState> snapshots = new ArrayList<>();
        for (int subtask = 0; subtask < next; subtask++) {
            try (KeyedOneInputStreamOperatorTestHarness<String, Inbound, Outgoing> harness = harness(next, subtask)) {
                for (int vm = 0; vm < VMS; vm++) {
                    String name = "vm-" + vm;
                    if (KeyGroupRangeAssignment.assignKeyToParallelOperator(name, MAX_PARALLELISM, next) == subtask) {
                        for (long epoch : epochs) {
                            slot(harness, name, epoch);
                        }
                    }
                }
                for (Outgoing outgoing : harness.extractOutputValues()) {
                    WorkerCommand command = Inbounds.WIRE.decodeCommand(outgoing.value());
                    if (command instanceof EndEpoch end) {
                        ended.computeIfAbsent(end.vm().value(), vm -> new ArrayList<>())
                                .add(end.epoch());
                    }
                }
                snapshots.add(harness.snapshot(1, 1));
            }
        }
        state = AbstractStreamOperatorTestHarness.repackageState(snapshots.toArray(OperatorSubtaskState[]::new));
        parallelism = next;
    }

    private KeyedOneInputStreamOperatorTestHarness<String, Inbound, Outgoing> harness(int next, int subtask)
            throws Exception {
        SchedulerFunction function = new SchedulerFunction(SETTINGS, SchedulerHarness.TOPICS, nowMicros::get);
        KeyedOneInputStreamOperatorTestHarness<String, Inbound, Outgoing> harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(function),
                        Inbound::vmName,
                        Types.STRING,
                        MAX_PARALLELISM,
                        next,
                        subtask);
        harness.setup(Outgoing.TYPE.createSerializer(new SerializerConfigImpl()));
        harness.setProcessingTime(nowMicros.get() / 1000);
        if (state != null) {
            harness.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    state, MAX_PARALLELISM, parallelism, next, subtask));
        }
        harness.open();
        return harness;
    }

    private void slot(KeyedOneInputStreamOperatorTestHarness<String, Inbound, Outgoing> harness, String vm, long epoch)
            throws Exception {
        for (int elapsed = 3; elapsed <= 6 && epoch > 0; elapsed++) {
            nowMicros.addAndGet(1);
            VmSample like = Samples.idle(epoch, elapsed, nowMicros.get());
            VmSample sample = new VmSample(
                    new VmId(vm),
                    like.hostId(),
                    like.epoch(),
                    like.sampledAtMicros(),
                    like.intervalNanos(),
                    like.elapsedNanos(),
                    like.vcpus(),
                    like.dirtySource(),
                    like.network(),
                    like.disk(),
                    like.tcp(),
                    like.host());
            Inbound inbound = Inbounds.of(sample);
            harness.processElement(inbound, inbound.eventMillis());
        }
    }
}
