package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.Conditions;
import io.lull.policy.DirtyRule;
import io.lull.policy.HardLimits;
import io.lull.policy.OutputRule;
import io.lull.policy.ServicesRule;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.WaitRule;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.VmSample;
import io.lull.policy.trigger.TriggerInput;
import io.lull.producer.procfs.ProbeException;
import io.lull.worker.capture.SourceState;
import io.lull.worker.qemu.Await;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The loop on a thread of its own, with clocks, probes and an actuator of the test's. */
@Timeout(60)
class TriggerLoopTest {
    private static final long TICK_NANOS = 200_000;
    private static final long TELEMETRY_NANOS = 10_000_000;
    private static final long EPOCH = 3;

    private final AtomicLong nanos = new AtomicLong(1);
    private final AtomicLong elapsedNanos = new AtomicLong();
    private final AtomicLong epoch = new AtomicLong(EPOCH);
    private final AtomicLong writes = new AtomicLong();
    private final AtomicInteger ticks = new AtomicInteger();
    private final AtomicInteger signs = new AtomicInteger();
    private final List<VmSample> telemetry = new CopyOnWriteArrayList<>();
    private final List<Long> mayWaitNanos = new CopyOnWriteArrayList<>();
    private volatile Optional<RuntimeException> bug = Optional.empty();
    private volatile boolean gone;

    private final JobControl control = new JobControl(Values.VM, nanos::get, (state, reason) -> {});
    private final Current<OpenEpoch> open = new Current<>(epochAfter(DirtyForecast.NONE));
    private final FakeActuator actuator = new FakeActuator();
    private final TriggerLoop loop = new TriggerLoop(
            new TriggerPorts(
                    this::sample,
                    this::sample,
                    this::sampled,
                    signs::incrementAndGet,
                    nanos::get,
                    nanos::get,
                    new TriggerPorts.Periods(TICK_NANOS, TELEMETRY_NANOS, TELEMETRY_NANOS / 10)),
            control,
            open,
            new TriggerInput(Values.VM, HardLimits.DEFAULT));

    private static OpenEpoch epochAfter(DirtyForecast forecast) {
        return new OpenEpoch(EPOCH, 0, 0, 0, true, forecast);
    }

    private void sampled(VmSample sample, long waitNanos) {
        mayWaitNanos.add(waitNanos);
        telemetry.add(sample);
    }

    private VmSample sample(long nowNanos, long nowMicros) throws ProbeException {
        ticks.incrementAndGet();
        if (gone) {
            throw new ProbeException(ProbeException.Kind.GONE, "thread 7 is gone");
        }
        if (bug.isPresent()) {
            throw bug.get();
        }
        return Values.sample(epoch.get(), elapsedNanos.get(), nowMicros, new DiskSample(writes.getAndSet(0), 0, 0, 0));
    }

    private static class FakeActuator implements Actuator {
        private final List<Firing> firings = new CopyOnWriteArrayList<>();
        private final List<String> failures = new CopyOnWriteArrayList<>();
        private final AtomicInteger watched = new AtomicInteger();
        private volatile SourceState state = SourceState.PENDING;

        @Override
        public SourceState state() {
            return state;
        }

        @Override
        public void pause(Firing firing) throws IOException {
            state = SourceState.STOPPING;
            firings.add(firing);
        }

        @Override
        public void watch() {
            watched.incrementAndGet();
        }

        @Override
        public void failed(String reason) {
            failures.add(reason);
        }
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private void startWithSession() {
        loop.actOn(Optional.of(actuator));
        loop.start();
    }

    private void awaitTicks(int more) throws Exception {
        int target = ticks.get() + more;
        Await.until(more + " more ticks", () -> ticks.get() >= target);
    }

    @Test
    void pausesTheGuestAtTheSafeIntervalWhenNoPlanHolds() throws Exception {
        startWithSession();
        awaitTicks(5);
        assertThat(actuator.firings).as("before the interval").isEmpty();
        elapsedNanos.set(HardLimits.DEFAULT.safeIntervalNanos());

        Await.until("a firing", () -> !actuator.firings.isEmpty());
        awaitTicks(5);
        assertThat(actuator.firings).singleElement().satisfies(firing -> {
            assertThat(firing.epoch()).isEqualTo(EPOCH);
            assertThat(firing.reason()).isEqualTo(TriggerReason.FALLBACK);
            assertThat(firing.decisionId()).isZero();
        });
        assertThat(actuator.watched).hasValueGreaterThan(5);
    }

    @Test
    void neverPausesAGuestThatQemuIsNotReadyToPause() throws Exception {
        actuator.state = SourceState.RUNNING;
        elapsedNanos.set(HardLimits.DEFAULT.maxEpochNanos());
        startWithSession();
        awaitTicks(10);

        assertThat(actuator.firings).isEmpty();
        actuator.state = SourceState.PENDING;
        Await.until("a firing", () -> !actuator.firings.isEmpty());
        assertThat(actuator.firings.get(0).reason()).isEqualTo(TriggerReason.T_MAX);
    }

    @Test
    void carriesOutACommandAndNamesItsDecision() throws Exception {
        elapsedNanos.set(HardLimits.DEFAULT.minEpochNanos());
        startWithSession();
        control.accept(Values.endEpoch(Values.VM, EPOCH, Long.MAX_VALUE), EPOCH);
        loop.wake();

        Await.until("a firing", () -> !actuator.firings.isEmpty());
        assertThat(actuator.firings.get(0).reason()).isEqualTo(TriggerReason.COMMAND);
        assertThat(actuator.firings.get(0).decisionId()).isEqualTo(5);
    }

    @Test
    void aPlanMovesTheIntervalAndItsDecisionIsNamed() throws Exception {
        control.accept(Values.plan(1, Long.MAX_VALUE), EPOCH);
        elapsedNanos.set(HardLimits.DEFAULT.safeIntervalNanos() * 2);
        startWithSession();
        awaitTicks(10);
        assertThat(actuator.firings).as("before the plan's interval").isEmpty();
        elapsedNanos.set(100_000_000);

        Await.until("a firing", () -> !actuator.firings.isEmpty());
        assertThat(actuator.firings.get(0).reason()).isEqualTo(TriggerReason.INTERVAL);
        assertThat(actuator.firings.get(0).decisionId()).isEqualTo(101);
    }

    @Test
    void countsTheDiskWritesOfTheOpenEpochOnly() throws Exception {
        control.accept(Values.plan(1, Long.MAX_VALUE, Conditions.of(new OutputRule(1000, 5, 0, 0, 0))), EPOCH);
        elapsedNanos.set(9_000_000);
        writes.set(4);
        startWithSession();
        awaitTicks(5);
        epoch.set(EPOCH + 1);
        awaitTicks(5);
        writes.set(4);
        awaitTicks(5);
        assertThat(actuator.firings).as("four writes in each of two epochs").isEmpty();
        writes.set(1);

        Await.until("a firing", () -> !actuator.firings.isEmpty());
        assertThat(actuator.firings.get(0).reason()).isEqualTo(TriggerReason.OUTPUT);
        assertThat(actuator.firings.get(0).epoch()).isEqualTo(EPOCH + 1);
    }

    @Test
    void expectsTheDirtyPagesThatTheEpochsBeforeForetell() throws Exception {
        open.set(epochAfter(DirtyForecast.NONE.after(10_000_000, 100)));
        control.accept(Values.plan(1, Long.MAX_VALUE, Conditions.of(new DirtyRule(130))), EPOCH);
        elapsedNanos.set(17_800_000);
        startWithSession();
        awaitTicks(5);
        assertThat(actuator.firings).as("129.6 pages").isEmpty();
        elapsedNanos.set(18_000_000);

        Await.until("a firing", () -> !actuator.firings.isEmpty());
        assertThat(actuator.firings.get(0).reason()).isEqualTo(TriggerReason.DIRTY_LIMIT);
        assertThat(actuator.firings.get(0).busyRatio()).as("of its last sample").isEqualTo(1);
    }

    @Test
    void publishesTelemetryAndSignsOfLifeInTheirPeriodsAndNotAtEachTick() throws Exception {
        loop.start();
        awaitTicks(20);
        assertThat(telemetry).as("the clock stands").hasSize(1);
        assertThat(signs).hasValue(1);
        nanos.addAndGet(TELEMETRY_NANOS);
        Await.until("the second sample", () -> telemetry.size() == 2);
        assertThat(signs).hasValue(1);
        nanos.addAndGet(TELEMETRY_NANOS * 10);
        Await.until("the second sign", () -> signs.get() == 2);
    }

    @Test
    void samplesOftenAndSendsAtOnceWhileTheJobFindsTheIdleSlots() throws Exception {
        control.accept(Values.plan(1, Long.MAX_VALUE, Conditions.NONE, TriggerPlacement.JOB), EPOCH);
        loop.start();
        Await.until("the first sample", () -> telemetry.size() == 1);
        nanos.addAndGet(TELEMETRY_NANOS / 10);
        Await.until("the second sample", () -> telemetry.size() == 2);
        assertThat(mayWaitNanos).containsOnly(0L);
    }

    @Test
    void samplesSeldomInAPauseForTheJobCouldCommandNothing() throws Exception {
        control.accept(Values.plan(1, Long.MAX_VALUE, Conditions.NONE, TriggerPlacement.JOB), EPOCH);
        actuator.state = SourceState.STOPPING;
        startWithSession();
        Await.until("the first sample", () -> telemetry.size() == 1);
        nanos.addAndGet(TELEMETRY_NANOS - 1);
        awaitTicks(5);
        assertThat(telemetry).hasSize(1);
        nanos.addAndGet(1);
        Await.until("the second sample", () -> telemetry.size() == 2);
        nanos.addAndGet(TELEMETRY_NANOS / 10);
        actuator.state = SourceState.PENDING;
        Await.until("a sample at once after the pause", () -> telemetry.size() == 3);
    }

    @Test
    void samplesOftenAndSendsAsSeldomAsEverWhileAPlanOfTheHostWeighsWhatWaits() throws Exception {
        WaitRule rule = new WaitRule(
                1, 0.1, 1, 1, 1e5, 1e6, 1, 0.5, 0.05, 1_000_000, 100, 10, 25_000_000, 1_000_000, ServicesRule.NONE);
        control.accept(Values.plan(1, Long.MAX_VALUE, Conditions.of(rule)), EPOCH);
        loop.start();
        Await.until("the first sample", () -> telemetry.size() == 1);
        nanos.addAndGet(TELEMETRY_NANOS / 10);
        Await.until("the second sample", () -> telemetry.size() == 2);
        assertThat(mayWaitNanos).containsOnly(TELEMETRY_NANOS - TELEMETRY_NANOS / 10);
    }

    @Test
    void aVmThatCanNotBeSampledEndsTheSessionOnceAndTheLoopGoesOn() throws Exception {
        startWithSession();
        awaitTicks(2);
        gone = true;
        Await.until("the failure", () -> !actuator.failures.isEmpty());
        awaitTicks(5);
        gone = false;
        awaitTicks(5);

        assertThat(actuator.failures).singleElement().asString().contains("thread 7 is gone");
    }

    @Test
    void aSessionThatBeginsWhileTheLastOneIsFailedIsNotFailedWithIt() throws Exception {
        FakeActuator next = new FakeActuator();
        FakeActuator first = new FakeActuator() {
            @Override
            public void failed(String reason) {
                super.failed(reason);
                gone = false;
                loop.actOn(Optional.of(next));
            }
        };
        gone = true;
        loop.actOn(Optional.of(first));
        loop.start();

        Await.until("the next session is acted on", () -> next.watched.get() > 0);
        assertThat(first.failures).hasSize(1);
        assertThat(next.failures).isEmpty();
    }

    @Test
    void aBugEndsTheSessionAndTheLoopGoesOn() throws Exception {
        startWithSession();
        bug = Optional.of(new IllegalStateException("a bug of the test's"));
        Await.until("the failure", () -> !actuator.failures.isEmpty());
        bug = Optional.empty();
        awaitTicks(5);

        assertThat(actuator.failures).singleElement().asString().contains("a bug of the test's");
    }
}
