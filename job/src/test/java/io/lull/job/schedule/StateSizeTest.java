package io.lull.job.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.admit.Admission;
import io.lull.job.fixture.RandomVm;
import io.lull.job.fixture.Samples;
import io.lull.policy.CheckpointPolicy;
import io.lull.policy.Objectives;
import io.lull.policy.OperatorIntent;
import io.lull.policy.OperatorIntent.Kind;
import io.lull.policy.PolicyState;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.registry.PolicyRegistry;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** How many bytes of a savepoint a VM takes, at most: one that ran every policy for long, under every order at once. */
class StateSizeTest {
    private static final int LIMIT_BYTES = 8 << 10;
    private static final int EPOCHS = 20_000;
    private static final int SAMPLES_AN_EPOCH = 5;
    private static final SchedulerSettings SETTINGS = SchedulerHarness.settings("lull", TriggerPlacement.JOB);

    private final Map<String, Integer> bytes = new TreeMap<>();

    private static <T> int size(Class<T> type, T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(1024);
        TypeInformation.of(type).createSerializer(new SerializerConfigImpl()).serialize(value, out);
        return out.length();
    }

    @Test
    void oneVmStaysWithinEightKibibytesWhateverItDoes() throws IOException {
        PolicyRegistry registry = PolicyRegistry.standard();
        VmState state = new VmState();
        Orders orders = new Orders();
        Operators operators = new Operators(SETTINGS, registry);
        for (Kind kind : Kind.values()) {
            if (kind != Kind.RESUME) {
                assertThat(operators.takeUp(orders, longest(kind))).isEmpty();
            }
        }
        for (String name : registry.names()) {
            bytes.put("policy." + name, run(registry.named(name), state, operators.termsAt(orders, 0)));
        }
        bytes.put("vm", size(VmState.class, state));
        bytes.put("orders", size(Orders.class, orders));
        int total = bytes.values().stream().mapToInt(Integer::intValue).sum();
        System.out.println("state of a VM: " + total + " bytes, at most " + LIMIT_BYTES + ": " + bytes);

        assertThat(total).as("%s", bytes).isLessThanOrEqualTo(LIMIT_BYTES);
    }

    private static <S extends PolicyState> int run(CheckpointPolicy<S> policy, VmState state, Terms terms)
            throws IOException {
        VmScheduler scheduler = new VmScheduler(SETTINGS);
        Admission admission = new Admission(SETTINGS.stalenessMicros());
        LiveVm live = new LiveVm(Samples.VM, withoutPause(terms));
        RandomVm vm = new RandomVm(11);
        S memory = policy.initialState();
        Objectives objectives = terms.objectives();
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            for (int i = 0; i < SAMPLES_AN_EPOCH; i++) {
                VmSample sample = vm.sample();
                admission.onSample(state.admission, sample, sample.sampledAtMicros());
                policy.onSample(memory, live.input.sample.load(sample), objectives);
                scheduler.onSample(state, live, new Proposal<>(policy, memory, objectives), sample.sampledAtMicros());
            }
            EpochReport report = vm.endEpoch();
            admission.onReport(state.admission, report);
            scheduler.onReport(state, report);
            policy.onReport(memory, report, objectives);
        }
        assertThat(state.sent.present).as("it was scheduled").isTrue();
        return size(policy.stateType(), memory);
    }

    private static Terms withoutPause(Terms terms) {
        return new Terms(
                terms.policy(),
                terms.objectives(),
                terms.pin(),
                Optional.empty(),
                Optional.empty(),
                terms.advice(),
                terms.untilMicros());
    }

    /** An intent with everything in it, in letters that take most bytes. */
    private static OperatorIntent longest(Kind kind) {
        String text = "\uffff".repeat(10_000);
        return new OperatorIntent(
                Samples.VM,
                kind,
                Optional.of("lull"),
                OptionalLong.of(10_000_000),
                OptionalLong.of(20_000_000),
                Optional.of(TriggerPlacement.JOB),
                new Targets(OptionalLong.of(8_000_000), OptionalDouble.of(0.1), OptionalLong.of(1_000_000)),
                text,
                text,
                0,
                OptionalLong.of(Long.MAX_VALUE));
    }
}
