package io.lull.policy.lull;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.EpochPlan;
import io.lull.policy.Objectives;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a sample or a report may say by its type, the plan stays one that a worker can follow. */
class HostileSamplesTest {
    private static final int VMS = 400;
    private static final int STEPS = 500;
    private final LullPolicy policy = new LullPolicy();

    @Test
    void absurdSamplesAndReportsNeverMakeAnInvalidPlan() throws ReflectiveOperationException {
        long firstSeed = System.nanoTime();
        System.out.println("HostileSamplesTest: seeds from " + firstSeed);
        for (int vm = 0; vm < VMS; vm++) {
            try {
                abuse(new Random(firstSeed + vm));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + (firstSeed + vm), e);
            }
        }
    }

    @Test
    void aVmOfWhichNothingIsKnownRunsUpToItsLongestEpoch() {
        EpochPlan plan = policy.plan(policy.initialState(), Objectives.DEFAULT);

        assertThat(plan.minEpochNanos()).isZero();
        assertThat(plan.maxEpochNanos()).isEqualTo(Objectives.DEFAULT.maxEpochNanos());
        assertThat(plan.reason().parts()).isNotEmpty();
    }

    @Test
    void aClockThatIsSetBackDoesNotFreezeThePlan() {
        LullState state = policy.initialState();
        SampleView sample = new SampleView();
        sample.sampledAtMicros = 4_000_000_000_000_000L;
        policy.onSample(state, sample, Objectives.DEFAULT);
        sample.sampledAtMicros = 1_800_000_000_000_000L;
        policy.onSample(state, sample, Objectives.DEFAULT);

        assertThat(state.plannedAtMicros).isEqualTo(sample.sampledAtMicros);
    }

    private void abuse(Random random) throws ReflectiveOperationException {
        Objectives objectives = objectives(random);
        LullState state = policy.initialState();
        assertFollowable(state, objectives);
        SampleView sample = new SampleView();
        boolean mild = random.nextBoolean();
        for (int i = 0; i < STEPS; i++) {
            if (random.nextInt(3) == 0) {
                policy.onReport(state, report(random, mild), objectives);
            } else {
                fill(sample, random, mild);
                policy.onSample(state, sample, objectives);
            }
            assertFollowable(state, objectives);
        }
        assertNumbers(state, "state");
    }

    private void assertFollowable(LullState state, Objectives objectives) {
        EpochPlan plan = policy.plan(state, objectives);
        assertThat(plan.minEpochNanos()).isLessThanOrEqualTo(plan.maxEpochNanos());
        assertThat(plan.maxEpochNanos()).isLessThanOrEqualTo(objectives.maxEpochNanos());
        assertThat(plan.reason().toString()).doesNotContain("NaN").doesNotContain("Infinity");
    }

    private static Objectives objectives(Random random) {
        Targets targets = new Targets(
                random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(Math.max(1, count(random))),
                random.nextBoolean() ? OptionalDouble.empty() : OptionalDouble.of(random.nextBoolean() ? 1e-6 : 1),
                random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(Math.max(1, count(random))));
        return new Objectives(1, Math.max(1, count(random)), TriggerPlacement.HOST, targets);
    }

    private static void fill(SampleView sample, Random random, boolean mild) {
        sample.epoch = mild ? sample.epoch + random.nextInt(3) : count(random);
        sample.intervalNanos = mild ? 1_000_000 : Math.max(1, count(random));
        sample.elapsedNanos = count(random);
        sample.sampledAtMicros = mild ? sample.sampledAtMicros + random.nextInt(50_000) : count(random);
        sample.vcpus = random.nextInt(SampleView.MAX_VCPUS + 1);
        for (int i = 0; i < sample.vcpus; i++) {
            sample.vcpuBusyNanos[i] = count(random);
            sample.vcpuDirtyPages[i] = count(random);
        }
        sample.dirtyKnown = random.nextBoolean();
        sample.busyRatio = random.nextInt(4) == 0 ? random.nextInt(2) : random.nextDouble();
        sample.txPackets = count(random);
        sample.txBytes = count(random);
        sample.rxPackets = count(random);
        sample.rxBytes = count(random);
        sample.heldPackets = count(random);
        sample.heldBytes = count(random);
        sample.oldestHeldNanos = count(random);
        sample.openPackets = Math.min(sample.heldPackets, count(random));
        sample.oldestOpenNanos = Math.min(sample.oldestHeldNanos, count(random));
        sample.diskWrites = count(random);
        sample.diskWriteBytes = count(random);
        sample.diskInFlight = small(random);
        sample.connections = small(random);
        sample.stalled = small(random);
        sample.windowFull = small(random);
        sample.zeroWindow = small(random);
        sample.requestsPending = small(random);
        sample.bytesInFlight = count(random);
        sample.services = 0;
        for (int i = random.nextInt(5); i > 0; i--) {
            int waiting = small(random);
            sample.addService(1 + random.nextInt(0xFFFF), waiting, Math.max(waiting, small(random)), small(random));
        }
        sample.linkKnown = random.nextBoolean();
        sample.linkBytesPerSecond = count(random);
        sample.linkBacklogBytes = count(random);
    }

    private static EpochReport report(Random random, boolean mild) {
        long pages = count(random);
        long pause = mild ? random.nextInt(1_000_000) : Math.min(1_000_000_000_000_000_000L, count(random));
        return new EpochReport(
                new VmId("vm-1"),
                "host-1",
                Math.max(1, count(random)),
                0,
                TriggerReason.values()[random.nextInt(TriggerReason.values().length)],
                count(random),
                count(random),
                new EpochReport.Pause(pause, pause, pause, pause, pause),
                new EpochReport.Pages(pages, 0, 0, pages, 0),
                List.of(),
                new EpochReport.Bytes(count(random), count(random), count(random), count(random), count(random)),
                new EpochReport.Stages(count(random), count(random), count(random), count(random), count(random)),
                new EpochReport.Held(count(random), count(random), count(random)),
                new EpochReport.Trigger(count(random), count(random), random.nextInt(2)),
                "none",
                1);
    }

    /** Nothing, little, much, or all that a long can say. */
    private static long count(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> random.nextInt(1_000);
            case 3 -> random.nextInt(Integer.MAX_VALUE);
            case 4 -> random.nextLong() >>> 1;
            default -> Long.MAX_VALUE;
        };
    }

    private static int small(Random random) {
        return (int) Math.min(Integer.MAX_VALUE, count(random));
    }

    /** No field of the state, however deep, is NaN or infinite. */
    private static void assertNumbers(Object state, String path) throws ReflectiveOperationException {
        for (Field field : state.getClass().getFields()) {
            Object value = field.get(state);
            String name = path + "." + field.getName();
            if (value instanceof Double number) {
                assertThat(number).as(name).isFinite();
            } else if (field.getType().isArray()) {
                assertThat(Array.getLength(value)).as(name).isLessThanOrEqualTo(1_024);
            } else if (!field.getType().isPrimitive()) {
                assertNumbers(value, name);
            }
        }
    }
}
