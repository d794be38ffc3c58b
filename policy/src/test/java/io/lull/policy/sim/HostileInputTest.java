package io.lull.policy.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.DirtyRule;
import io.lull.policy.DivergenceRule;
import io.lull.policy.HardLimits;
import io.lull.policy.IdleRule;
import io.lull.policy.LeasedPlan;
import io.lull.policy.Objectives;
import io.lull.policy.OutputRule;
import io.lull.policy.Targets;
import io.lull.policy.VmId;
import io.lull.policy.lull.LullPolicy;
import io.lull.policy.lull.LullState;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import io.lull.policy.signal.WindowEpochs;
import io.lull.policy.signal.WindowMetrics;
import io.lull.policy.sim.Activity.Answer;
import io.lull.policy.sim.Activity.Background;
import io.lull.policy.sim.Activity.Bulk;
import io.lull.policy.sim.Activity.Clients;
import io.lull.policy.sim.Activity.Habit;
import io.lull.policy.sim.Activity.Requests;
import io.lull.policy.sim.Activity.Schedule;
import io.lull.policy.sim.Activity.Service;
import io.lull.policy.sim.Course.Moment;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is no number, negative, or beyond all sense is refused where it enters. */
class HostileInputTest {
    private static final NetworkSample NETWORK = new NetworkSample(1, 1, 1, 1, 2, 2, 2, 1, 1);
    private static final LullState FRESH = new LullState();

    /** One valid value of each type through which numbers enter. */
    static Stream<Record> validOnes() {
        return Stream.of(
                new VcpuSample(1, 1, 1, 1),
                NETWORK,
                new DiskSample(1, 1, 1, 1),
                new TcpSample(1, 1, 1, 1, 1, 1),
                new HostSample(2, 1, true, 1, 1),
                sample(),
                new EpochReport.Pause(1, 1, 1, 1, 1),
                new EpochReport.Pages(4, 1, 1, 1, 1),
                new EpochReport.Bytes(1, 1, 1, 1, 1),
                new EpochReport.Stages(1, 1, 1, 1, 1),
                new EpochReport.Held(1, 1, 1),
                new EpochReport.Trigger(1, 1, 1),
                Objectives.DEFAULT,
                new LullPolicy()
                        .plan(FRESH, Objectives.DEFAULT)
                        .conditions()
                        .waiting()
                        .orElseThrow(),
                new OutputRule(1, 1, 1, 1, 1),
                new DirtyRule(1),
                new DivergenceRule(1),
                IdleRule.DEFAULT,
                HardLimits.DEFAULT,
                new LeasedPlan(1, new LullPolicy().plan(FRESH, Objectives.DEFAULT), 1),
                new LullPolicy().plan(FRESH, Objectives.DEFAULT));
    }

    /** The same of a window's parts. */
    static Stream<Record> windows() {
        WindowMetrics.Rates rates = new WindowMetrics.Rates(1, 1, 1, 1, 1);
        WindowMetrics.IdleSlots idle = new WindowMetrics.IdleSlots(1, 1, Optional.empty());
        WindowMetrics.Peaks peaks = new WindowMetrics.Peaks(1, 1, 1, 1, 1, 1);
        WindowEpochs.Times times = new WindowEpochs.Times(1, Optional.empty(), 1);
        return Stream.of(
                new WindowMetrics(
                        new VmId("vm"),
                        1,
                        1,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                new WindowMetrics.Load(1, rates, 1, idle, peaks, Optional.empty()),
                rates,
                idle,
                new WindowMetrics.SlotTimes(1, OptionalDouble.empty(), 1, OptionalDouble.empty()),
                peaks,
                new WindowMetrics.Levels(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
                new WindowMetrics.Dirtying(DirtySource.PREDICTED, 1, List.of(), 1),
                new WindowMetrics.DirtyFit(1, 1),
                new WindowEpochs(1, times, times, 1, Optional.empty(), Optional.empty()),
                times,
                new WindowEpochs.Tails(1, 1),
                new WindowEpochs.Release(Map.of(), 1, 1, 1),
                new WindowEpochs.Coding(1, 1, 1, 1, 1, 1, OptionalDouble.empty(), OptionalDouble.empty()),
                new WindowMetrics.Link(1, OptionalDouble.empty(), 1));
    }

    /** The same of the simulator, which adds times up and holds arrays of what it is told. */
    static Stream<Record> simulated() {
        return Stream.of(
                CostModel.kvm(),
                ControlPath.MEASURED,
                SimSettings.DEFAULT,
                Workload.of("w", 1, new PowerLawDirty(1, 1, 0.5, 1), new Background(Schedule.ALWAYS, 1)),
                new PowerLawDirty(1, 1, 0.5, 1),
                new Schedule(1, 1, 1),
                new Background(Schedule.ALWAYS, 1),
                Bulk.download(1, 1),
                Requests.openLoop(1, 1, 1, 1),
                new Clients(1, Habit.ASKS, 1, 1, 1),
                new Service(1, 1, 1),
                new Answer(1, 1),
                new Moment(1, 1, 1, 1, 1, 1, 1));
    }

    @ParameterizedTest
    @MethodSource({"validOnes", "windows", "simulated"})
    void whatIsNoNumberOrNegativeIsRefusedAndNamed(Record valid) throws ReflectiveOperationException {
        for (RecordComponent component : valid.getClass().getRecordComponents()) {
            for (Object hostile : hostileTo(component.getType())) {
                assertThatThrownBy(() -> with(valid, component, hostile))
                        .as(valid.getClass().getSimpleName() + " with " + component.getName() + " = " + hostile)
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("simulated")
    void theSimulatorRefusesWhatWouldOverflow(Record valid) throws ReflectiveOperationException {
        List<String> taken = new ArrayList<>();
        for (RecordComponent component : valid.getClass().getRecordComponents()) {
            Class<?> type = component.getType();
            Object huge = type == long.class
                    ? (Object) Long.MAX_VALUE
                    : type == int.class ? (Object) Integer.MAX_VALUE : (Object) Double.MAX_VALUE;
            if (type.isPrimitive() && type != boolean.class && !isRefused(valid, component, huge)) {
                taken.add(component.getName());
            }
        }

        // A link may be as fast as it likes.
        assertThat(taken).isSubsetOf("linkBytesPerSecond");
    }

    @Test
    void whatIsNoNumberIsRefusedAlsoWhereItMayBeAbsent() {
        OptionalDouble bad = OptionalDouble.of(Double.NaN);
        OptionalDouble none = OptionalDouble.empty();
        assertThatThrownBy(() -> new WindowMetrics.SlotTimes(1, bad, 1, none)).hasMessageContaining("meanNanos");
        assertThatThrownBy(() -> new WindowMetrics.SlotTimes(1, none, 1, bad)).hasMessageContaining("meanOnsetNanos");
        assertThatThrownBy(() -> new WindowMetrics.Link(1, bad, 1)).hasMessageContaining("useRatio");
        assertThatThrownBy(() -> new WindowEpochs.Coding(1, 1, 1, 1, 1, 1, bad, none))
                .hasMessageContaining("deltaRatio");
        assertThatThrownBy(() -> new WindowEpochs.Coding(1, 1, 1, 1, 1, 1, none, bad))
                .hasMessageContaining("shippedRatio");
        assertThatThrownBy(() -> new WindowMetrics.Dirtying(DirtySource.PREDICTED, 1, List.of(-1.0), 1))
                .hasMessageContaining("vcpuPagesPerSecond");
        assertThatThrownBy(() -> new WindowMetrics.Dirtying(DirtySource.NONE, 1, List.of(), 1))
                .hasMessageContaining("source");
    }

    @Test
    void aTargetIsPositiveAndAShareIsAShare() {
        for (long value : new long[] {0, -1, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> Targets.outputDelay(value)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Trial.bandwidth(value)).isInstanceOf(IllegalArgumentException.class);
        }
        for (double value : new double[] {Double.NaN, 0, -1, 1.01, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new Targets(OptionalLong.empty(), OptionalDouble.of(value), OptionalLong.empty()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void pagesAndFramesMustAddUp() {
        assertThatThrownBy(() -> new EpochReport.Pages(3, 1, 1, 1, 1)).hasMessageContaining("add up");
        assertThatThrownBy(() -> new EpochReport.Pages(-2, Long.MAX_VALUE, Long.MAX_VALUE, 0, 0))
                .hasMessageContaining("dirtyPages");
        assertThatThrownBy(() -> new NetworkSample(0, 0, 0, 0, 1, 0, 1, 2, 1)).hasMessageContaining("openPackets");
    }

    @Test
    void aWorkloadNeedsSomethingToDo() {
        assertThatThrownBy(() -> Workload.of("w", 1, new PowerLawDirty(1, 1, 0.5, 1)))
                .hasMessageContaining("activities");
        assertThatThrownBy(() ->
                        new Workload(" ", 1, List.of(new Background(Schedule.ALWAYS, 1)), validDirty(), 0, 0, Set.of()))
                .hasMessageContaining("name");
    }

    private static DirtyModel validDirty() {
        return new PowerLawDirty(1, 1, 0.5, 1);
    }

    private static VmSample sample() {
        return new VmSample(
                new VmId("vm"),
                "host",
                1,
                1,
                1,
                1,
                List.of(),
                DirtySource.NONE,
                NETWORK,
                DiskSample.NONE,
                TcpSample.NONE,
                new HostSample(1, 1, false, 0, 0));
    }

    private static List<Object> hostileTo(Class<?> type) {
        if (type == double.class) {
            return List.of(Double.NaN, -1.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
        }
        if (type == long.class) {
            return List.of(-1L, Long.MIN_VALUE);
        }
        return type == int.class ? List.of(-1, Integer.MIN_VALUE) : List.of();
    }

    private static boolean isRefused(Record valid, RecordComponent component, Object value)
            throws ReflectiveOperationException {
        try {
            with(valid, component, value);
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    /** {@code valid} with another value for one of its components. */
    private static Object with(Record valid, RecordComponent component, Object value)
            throws ReflectiveOperationException {
        RecordComponent[] all = valid.getClass().getRecordComponents();
        Class<?>[] types = Arrays.stream(all).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = new Object[all.length];
        for (int i = 0; i < all.length; i++) {
            values[i] = all[i].getName().equals(component.getName())
                    ? value
                    : all[i].getAccessor().invoke(valid);
        }
        Constructor<?> constructor = valid.getClass().getDeclaredConstructor(types);
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw e;
        }
    }
}
