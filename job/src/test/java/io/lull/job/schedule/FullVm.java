package io.lull.job.schedule;

import io.lull.job.admit.Admission;
import io.lull.job.fixture.RandomVm;
import io.lull.job.fixture.Samples;
import io.lull.job.state.PackedSerializer;
import io.lull.policy.CheckpointPolicy;
import io.lull.policy.Objectives;
import io.lull.policy.OperatorIntent;
import io.lull.policy.OperatorIntent.Kind;
import io.lull.policy.PolicyState;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.registry.PolicyRegistry;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.VmSample;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * A VM of which the scheduler keeps as much as it ever does: under every order at once, each with the longest words, that
 * has moved often between hosts with the longest names and runs policies for long. How often it is sampled makes no
 * difference to it: what policies learn has its places from the begin.
 */
public final class FullVm {
    private static final int EPOCHS = 20_000;
    private static final int SAMPLES_AN_EPOCH = 5;

    /** How often the state is looked at: it is no largest at the end. */
    private static final int LOOK_EPOCHS = 100;

    private static final int MOVES = 2 * Admission.MAX_FORMER;
    private static final int LONG_NAME = 100;
    private static final SchedulerSettings SETTINGS = SchedulerHarness.settings("lull", TriggerPlacement.JOB);

    private final VmState state = new VmState();
    private final Orders orders = new Orders();
    private final Operators operators = new Operators(SETTINGS, PolicyRegistry.standard());
    private final Map<String, Integer> mostBytes = new TreeMap<>();

    private FullVm() {
        for (Kind kind : Kind.values()) {
            if (kind != Kind.RESUME && operators.takeUp(orders, longest(kind)).isPresent()) {
                throw new AssertionError("an order of each kind can be followed, this one not: " + kind);
            }
        }
    }

    /** The most bytes that are kept, by the names of Flink's states, of a VM that runs these policies one after the other. */
    public static Map<String, Integer> mostBytes(List<String> policies) throws IOException {
        FullVm vm = new FullVm();
        for (String name : policies) {
            vm.run(PolicyRegistry.standard().named(name));
        }
        vm.note("orders", size(Orders.class, vm.orders));
        vm.note("timer", Long.BYTES);
        return vm.mostBytes;
    }

    private static <T> int size(Class<T> type, T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(1024);
        PackedSerializer.of(type).serialize(value, out);
        return out.length();
    }

    private void note(String name, int bytes) {
        mostBytes.merge(name, bytes, Math::max);
    }

    private <S extends PolicyState> void run(CheckpointPolicy<S> policy) throws IOException {
        Terms terms = operators.termsAt(orders, 0);
        VmScheduler scheduler = new VmScheduler(SETTINGS);
        Admission admission = new Admission(SETTINGS.stalenessMicros());
        LiveVm live = new LiveVm(Samples.VM, withoutPause(terms), new SampleView());
        RandomVm vm = new RandomVm(11);
        S memory = policy.initialState();
        new PolicyPlace<>(policy).put(state.policies, memory);
        Objectives objectives = terms.objectives();
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            String host = epoch % MOVES + "\uffff".repeat(LONG_NAME);
            for (int i = 0; i < SAMPLES_AN_EPOCH; i++) {
                VmSample sample = epoch < MOVES ? Samples.on(host, vm.sample()) : vm.sample();
                admission.onSample(state.admission, sample, sample.sampledAtMicros());
                policy.onSample(memory, live.sample.load(sample), objectives);
                scheduler.onSample(state, live, new Proposal<>(policy, memory, objectives), sample.sampledAtMicros());
            }
            EpochReport report = vm.endEpoch();
            admission.onReport(state.admission, report);
            scheduler.onReport(state, report);
            policy.onReport(memory, report, objectives);
            if (epoch % LOOK_EPOCHS == 0) {
                note("vm", size(VmState.class, state));
            }
        }
        if (!state.sent.present) {
            throw new AssertionError("it was not scheduled by " + policy.name());
        }
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
                new Targets(
                        OptionalLong.of(8_000_000),
                        OptionalDouble.of(0.1),
                        OptionalLong.of(1_000_000),
                        OptionalInt.of(8)),
                text,
                text,
                0,
                OptionalLong.of(Long.MAX_VALUE));
    }
}
