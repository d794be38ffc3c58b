package io.lull.policy.trigger;

import static io.lull.policy.TriggerPlacement.BOTH;
import static io.lull.policy.TriggerPlacement.HOST;
import static io.lull.policy.TriggerPlacement.JOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.Conditions;
import io.lull.policy.EpochPlan;
import io.lull.policy.HardLimits;
import io.lull.policy.IdleRule;
import io.lull.policy.LeasedPlan;
import io.lull.policy.Reason;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.fixture.TestSample;
import io.lull.policy.signal.IdleVerdict;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EpochTriggerTest {
    private static final long MS = 1_000_000;
    private static final long NOW_MICROS = 5_000_000;
    private static final HardLimits LIMITS = HardLimits.DEFAULT;

    private static LeasedPlan plan(long maxNanos, boolean idle, TriggerPlacement placement) {
        Conditions conditions = idle ? Conditions.of(IdleRule.DEFAULT) : Conditions.NONE;
        EpochPlan plan = new EpochPlan("test", 0, maxNanos, conditions, placement, Reason.of("test"));
        return new LeasedPlan(1, plan, NOW_MICROS + 1);
    }

    private static EndEpoch end(VmId vm, long epoch, long expiresAtMicros) {
        return new EndEpoch(vm, 1, epoch, TriggerReason.IDLE_SLOT, true, 0, 0, expiresAtMicros);
    }

    /** Epoch 1 at {@code elapsedNanos} without plan, pause, verdict, dirt or command. */
    private static TriggerInput bare(long elapsedNanos) {
        return input(elapsedNanos, Optional.empty(), 0);
    }

    private static TriggerInput input(long elapsedNanos, Optional<LeasedPlan> plan, long lastPauseNanos) {
        TriggerInput input = new TriggerInput(TestSample.VM, LIMITS);
        input.sample.load(TestSample.lull(1, elapsedNanos).build());
        input.plan = plan;
        input.nowMicros = NOW_MICROS;
        input.lastPauseNanos = lastPauseNanos;
        return input;
    }

    private static TriggerInput withVerdict(TriggerInput input, IdleVerdict verdict) {
        input.verdict = verdict;
        return input;
    }

    private static TriggerInput withCommand(TriggerInput input, EndEpoch command) {
        input.command = Optional.of(command);
        return input;
    }

    private static TriggerInput withDirt(TriggerInput input, long pages) {
        input.dirtyPages = pages;
        return input;
    }

    @Test
    void countsTheIntervalFromTheStartOfThePauseBefore() {
        Optional<LeasedPlan> plan = Optional.of(plan(25 * MS, false, HOST));

        assertThat(EpochTrigger.decide(input(20 * MS - 1, plan, 5 * MS))).isEmpty();
        assertThat(EpochTrigger.decide(input(20 * MS, plan, 5 * MS))).contains(TriggerReason.INTERVAL);
    }

    @Test
    void givesTheGuestHalfOfTheIntervalHoweverLongThePauseWas() {
        Optional<LeasedPlan> plan = Optional.of(plan(25 * MS, false, HOST));

        assertThat(EpochTrigger.decide(input(12 * MS, plan, 400 * MS))).isEmpty();
        assertThat(EpochTrigger.decide(input(12_500_000, plan, 400 * MS))).contains(TriggerReason.INTERVAL);
    }

    @Test
    void fallsBackWithoutAPlanOrALease() {
        LeasedPlan over = new LeasedPlan(1, plan(400 * MS, true, HOST).plan(), NOW_MICROS);

        assertThat(EpochTrigger.decide(bare(25 * MS - 1))).isEmpty();
        assertThat(EpochTrigger.decide(bare(25 * MS))).contains(TriggerReason.FALLBACK);
        assertThat(EpochTrigger.decide(withVerdict(input(25 * MS, Optional.of(over), 0), IdleVerdict.STRONG)))
                .contains(TriggerReason.FALLBACK);
        assertThat(EpochTrigger.decide(withVerdict(input(9 * MS, Optional.of(over), 0), IdleVerdict.STRONG)))
                .isEmpty();
    }

    @Test
    void actsOnTheHostsVerdictUnlessTheTriggerIsInTheJob() {
        for (TriggerPlacement placement : TriggerPlacement.values()) {
            TriggerInput input = input(9 * MS, Optional.of(plan(100 * MS, true, placement)), 0);
            Optional<TriggerReason> strong = EpochTrigger.decide(withVerdict(input, IdleVerdict.STRONG));
            Optional<TriggerReason> weak = EpochTrigger.decide(withVerdict(input, IdleVerdict.WEAK));
            if (placement == JOB) {
                assertThat(strong).isEmpty();
                assertThat(weak).isEmpty();
            } else {
                assertThat(strong).contains(TriggerReason.IDLE_SLOT);
                assertThat(weak).contains(TriggerReason.IDLE_WEAK);
            }
        }
    }

    @Test
    void ignoresTheVerdictWhenThePlanHasNoIdleRule() {
        TriggerInput input = input(9 * MS, Optional.of(plan(100 * MS, false, BOTH)), 0);

        assertThat(EpochTrigger.decide(withVerdict(input, IdleVerdict.STRONG))).isEmpty();
    }

    @Test
    void callsTheLongestEpochOfAnIdlePlanTMax() {
        for (TriggerPlacement placement : TriggerPlacement.values()) {
            assertThat(EpochTrigger.decide(input(100 * MS, Optional.of(plan(100 * MS, true, placement)), 0)))
                    .contains(TriggerReason.T_MAX);
        }
    }

    @Test
    void letsNoPlanPassTheHardLongestEpoch() {
        Optional<LeasedPlan> plan = Optional.of(plan(10_000 * MS, false, HOST));
        Optional<LeasedPlan> patient = Optional.of(new LeasedPlan(
                1,
                new EpochPlan("test", 9_000 * MS, 10_000 * MS, Conditions.NONE, HOST, Reason.of("test")),
                NOW_MICROS + 1));

        assertThat(EpochTrigger.decide(input(LIMITS.maxEpochNanos() - 1, plan, 0)))
                .isEmpty();
        assertThat(EpochTrigger.decide(input(LIMITS.maxEpochNanos(), plan, 0))).contains(TriggerReason.T_MAX);
        assertThat(EpochTrigger.decide(input(LIMITS.maxEpochNanos(), patient, 0)))
                .contains(TriggerReason.T_MAX);
    }

    @Test
    void obeysACommandForThisEpochOnly() {
        TriggerInput input = input(9 * MS, Optional.of(plan(100 * MS, true, JOB)), 0);

        assertThat(EpochTrigger.decide(withCommand(input, end(TestSample.VM, 1, NOW_MICROS + 1))))
                .contains(TriggerReason.COMMAND);
        assertThat(EpochTrigger.decide(withCommand(input, end(TestSample.VM, 2, NOW_MICROS + 1))))
                .isEmpty();
        assertThat(EpochTrigger.decide(withCommand(input, end(TestSample.VM, 1, NOW_MICROS))))
                .isEmpty();
        assertThat(EpochTrigger.decide(withCommand(input, end(new VmId("other"), 1, NOW_MICROS + 1))))
                .isEmpty();
    }

    @Test
    void doesNothingBeforeTMinButAtAWatermark() {
        TriggerInput early = input(2 * MS - 1, Optional.of(plan(100 * MS, true, BOTH)), 0);
        EndEpoch command = end(TestSample.VM, 1, NOW_MICROS + 1);

        assertThat(EpochTrigger.decide(withVerdict(withCommand(early, command), IdleVerdict.STRONG)))
                .isEmpty();
        assertThat(EpochTrigger.decide(withDirt(early, LIMITS.dirtyPagesWatermark())))
                .contains(TriggerReason.DIRTY_WATERMARK);
    }

    @Test
    void endsTheEpochWhenTooMuchIsHeld() {
        int frames = (int) (LIMITS.heldBytesWatermark() / 100);
        TriggerInput below = bare(MS);
        TriggerInput above = bare(MS);
        above.sample.load(TestSample.lull(1, MS).held(frames + 1).build());

        assertThat(EpochTrigger.decide(below)).isEmpty();
        assertThat(EpochTrigger.decide(above)).contains(TriggerReason.HELD_WATERMARK);
    }

    @Test
    void alwaysFiresByTheHardLongestEpochAndNeverBeforeTMinWithoutAWatermark() {
        long seed = 42;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            TriggerInput input = input(
                    random.nextLong(600 * MS),
                    random.nextBoolean()
                            ? Optional.of(plan(
                                    1 + random.nextLong(900 * MS),
                                    random.nextBoolean(),
                                    TriggerPlacement.values()[random.nextInt(3)]))
                            : Optional.empty(),
                    random.nextLong(50 * MS));
            input = withVerdict(input, IdleVerdict.values()[random.nextInt(3)]);
            Optional<TriggerReason> decided = EpochTrigger.decide(input);
            long elapsedNanos = input.sample.elapsedNanos;
            if (elapsedNanos >= LIMITS.maxEpochNanos()) {
                assertThat(decided).as("seed %s, draw %s", seed, i).isPresent();
            } else if (elapsedNanos < LIMITS.minEpochNanos()) {
                assertThat(decided).as("seed %s, draw %s", seed, i).isEmpty();
            }
        }
    }
}
