package io.lull.policy.trigger;

import static io.lull.policy.TriggerPlacement.BOTH;
import static io.lull.policy.TriggerPlacement.HOST;
import static io.lull.policy.TriggerPlacement.JOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.Conditions;
import io.lull.policy.DirtyRule;
import io.lull.policy.DivergenceRule;
import io.lull.policy.EpochPlan;
import io.lull.policy.HardLimits;
import io.lull.policy.IdleRule;
import io.lull.policy.LeasedPlan;
import io.lull.policy.OutputRule;
import io.lull.policy.Reason;
import io.lull.policy.ServicesRule;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.WaitRule;
import io.lull.policy.fixture.TestSample;
import io.lull.policy.signal.IdleState;
import io.lull.policy.signal.IdleVerdict;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What ends an epoch between its shortest and its longest length. */
class EpochTriggerConditionsTest {
    private static final long MS = 1_000_000;
    private static final HardLimits LIMITS = HardLimits.DEFAULT;

    /** Any wait is too dear for it; the oldest held frame may be 8 ms old. */
    private static final WaitRule WAITING =
            new WaitRule(1, 0, 1, 0, 0, 0, 1, 0.05, 0, MS, 0, 0, 8 * MS, Long.MAX_VALUE, ServicesRule.NONE);

    /** It waits for ever: nobody is kept from working. The oldest held frame may be 8 ms old. */
    private static final WaitRule PATIENT =
            new WaitRule(0, 1, 1, 0, 0, 0, 1, 0.05, 1, MS, 0, 0, 8 * MS, Long.MAX_VALUE, ServicesRule.NONE);

    /** The same, and a rest ends an epoch with 5 ms of work. */
    private static final WaitRule READY =
            new WaitRule(0, 1, 1, 0, 0, 0, 1, 0.05, 1, MS, 0, 0, 8 * MS, 5 * MS, ServicesRule.NONE);

    /** Epoch 1 at 9 ms of at most 100 ms, three frames held for a nanosecond, under these conditions. */
    private static TriggerInput input(Conditions conditions, TriggerPlacement placement) {
        TriggerInput input = new TriggerInput(TestSample.VM, LIMITS);
        input.sample.load(TestSample.lull(1, 9 * MS).build());
        EpochPlan plan = new EpochPlan("test", 0, 100 * MS, conditions, placement, Reason.of("test"));
        input.plan = Optional.of(new LeasedPlan(1, plan, Long.MAX_VALUE));
        return input;
    }

    @Test
    void endsTheEpochForItsOutputOnceTheLinkCanCarryIt() {
        Conditions conditions = Conditions.of(new OutputRule(3, 5, 2, MS, 1000));
        TriggerInput input = input(conditions, HOST);
        assertThat(EpochTrigger.decide(input)).contains(TriggerReason.OUTPUT);

        input.dirtyPages = 4000; // 5 ms to ship: not oftener than each 10 ms.
        assertThat(EpochTrigger.decide(input)).isEmpty();
        input.lastPauseNanos = MS;
        assertThat(EpochTrigger.decide(input)).contains(TriggerReason.OUTPUT);
    }

    @Test
    void endsTheEpochForItsDiskWritesWhenNoFrameWaits() {
        TriggerInput input = input(Conditions.of(new OutputRule(4, 5, 0, 0, 0)), HOST);
        input.diskWrites = 4;
        assertThat(EpochTrigger.decide(input)).as("three frames, four writes").isEmpty();

        input.diskWrites = 5;
        assertThat(EpochTrigger.decide(input)).contains(TriggerReason.OUTPUT);
    }

    @Test
    void endsTheEpochWhoseDirtyPagesWouldMissTheLongestEpoch() {
        TriggerInput input = input(Conditions.of(new OutputRule(4, 5, 1000, MS, 10_000)), HOST);
        input.dirtyPages = 8_999;
        assertThat(EpochTrigger.decide(input)).isEmpty();

        input.dirtyPages = 9_000; // 91 ms to ship, 91 ms left.
        assertThat(EpochTrigger.decide(input)).contains(TriggerReason.OUTPUT);
        input.diskWrites = 5;
        assertThat(EpochTrigger.decide(input))
                .as("what waits and is paced does not take it back")
                .contains(TriggerReason.OUTPUT);
    }

    @Test
    void endsTheEpochAtThePlansOwnNumberOfDirtyPages() {
        TriggerInput input = input(Conditions.of(new DirtyRule(100)), HOST);
        input.dirtyPages = 99.5;
        assertThat(EpochTrigger.decide(input)).isEmpty();

        input.dirtyPages = 100;
        assertThat(EpochTrigger.decide(input)).contains(TriggerReason.DIRTY_LIMIT);
    }

    @Test
    void endsTheEpochBeforeTheOldestFrameIsTooOld() {
        for (TriggerPlacement placement : TriggerPlacement.values()) {
            TriggerInput input = input(Conditions.of(PATIENT), placement);
            input.sample.oldestOpenNanos = 8 * MS - 1;
            assertThat(EpochTrigger.decide(input)).isEmpty();

            input.sample.oldestOpenNanos = 8 * MS;
            assertThat(EpochTrigger.decide(input)).contains(TriggerReason.DEADLINE);
            input.sample.openPackets = 0;
            assertThat(EpochTrigger.decide(input)).as("nothing is held").isEmpty();
        }
    }

    @Test
    void noCheckpointHastensFramesThatWaitForACommitUnderWay() {
        for (Conditions conditions : new Conditions[] {
            Conditions.of(WAITING), Conditions.of(PATIENT), Conditions.of(new OutputRule(1, 5, 0, 0, 0))
        }) {
            TriggerInput input = input(conditions, BOTH);
            input.sample.oldestHeldNanos = 20 * MS;
            input.sample.oldestOpenNanos = 0;
            input.sample.openPackets = 0;
            assertThat(input.sample.heldPackets).isPositive();

            assertThat(EpochTrigger.decide(input)).as("%s", conditions).isEmpty();
        }
    }

    @Test
    void endsTheEpochWhenWaitingCostsMoreThanItSavesOnTheSideThatLooks() {
        Optional<TriggerReason> price = Optional.of(TriggerReason.WAIT_PRICE);
        for (TriggerSide side : TriggerSide.values()) {
            for (TriggerPlacement placement : TriggerPlacement.values()) {
                TriggerInput input = input(Conditions.of(WAITING), placement);
                input.side = side;
                boolean looks = placement == BOTH || (placement == JOB) == (side == TriggerSide.JOB);

                assertThat(EpochTrigger.decide(input))
                        .as("%s asks, plan placed on %s", side, placement)
                        .isEqualTo(looks ? price : Optional.empty());
            }
        }
    }

    @Test
    void findsIdleSlotsForTheJobWhereThePlanPlacesTheTriggerThere() {
        for (TriggerPlacement placement : TriggerPlacement.values()) {
            TriggerInput input = input(Conditions.of(IdleRule.DEFAULT), placement);
            input.side = TriggerSide.JOB;
            input.verdict = IdleVerdict.STRONG;

            assertThat(EpochTrigger.decide(input))
                    .isEqualTo(placement == HOST ? Optional.empty() : Optional.of(TriggerReason.IDLE_SLOT));
        }
    }

    /** Epoch 1 at 9 ms, of which the guest worked for 5 and then rested without output for longer than a pause. */
    private static TriggerInput resting(TriggerPlacement placement) {
        TriggerInput input = input(Conditions.of(READY), placement);
        input.sample.heldPackets = 0;
        input.sample.openPackets = 0;
        input.workNanos = 5 * MS;
        input.restNanos = 2 * MS;
        return input;
    }

    @Test
    void endsTheEpochInARestWithoutOutputOnTheSideThatLooks() {
        Optional<TriggerReason> slot = Optional.of(TriggerReason.IDLE_SLOT);
        for (TriggerSide side : TriggerSide.values()) {
            for (TriggerPlacement placement : TriggerPlacement.values()) {
                TriggerInput input = resting(placement);
                input.side = side;
                boolean looks = placement == BOTH || (placement == JOB) == (side == TriggerSide.JOB);

                assertThat(EpochTrigger.decide(input))
                        .as("%s with %s", side, placement)
                        .isEqualTo(looks ? slot : Optional.empty());
            }
        }
    }

    @Test
    void noRestEndsAnEpochBeforeTMin() {
        TriggerInput input = resting(BOTH);
        input.sample.elapsedNanos = LIMITS.minEpochNanos() - 1;
        assertThat(EpochTrigger.decide(input)).as("the worker's").isEmpty();
        input.sample.elapsedNanos = LIMITS.minEpochNanos();
        assertThat(EpochTrigger.decide(input)).contains(TriggerReason.IDLE_SLOT);

        EpochPlan plan = new EpochPlan("test", 8 * MS, 100 * MS, Conditions.of(READY), BOTH, Reason.of("test"));
        input.plan = Optional.of(new LeasedPlan(1, plan, Long.MAX_VALUE));
        input.sample.elapsedNanos = 8 * MS - 1;
        assertThat(EpochTrigger.decide(input)).as("the plan's").isEmpty();
        input.sample.elapsedNanos = 8 * MS;
        assertThat(EpochTrigger.decide(input)).contains(TriggerReason.IDLE_SLOT);
    }

    @Test
    void aRestEndsNoEpochWhosePlanDoesNotAskForIt() {
        TriggerInput patient = resting(BOTH);
        EpochPlan plan = new EpochPlan("test", 0, 100 * MS, Conditions.of(PATIENT), BOTH, Reason.of("test"));
        patient.plan = Optional.of(new LeasedPlan(1, plan, Long.MAX_VALUE));

        assertThat(EpochTrigger.decide(patient)).isEmpty();
    }

    @Test
    void theTriggerSeesTheRestAndTheWorkOfItsOwnDetector() {
        IdleState idle = new IdleState();
        idle.verdict = IdleVerdict.WEAK;
        idle.restNanos = 3;
        idle.workNanos = 4.5;
        idle.sinceReleaseNanos = 6;
        TriggerInput input = resting(BOTH);
        input.load(idle);

        assertThat(input.verdict).isEqualTo(IdleVerdict.WEAK);
        assertThat(input.restNanos).isEqualTo(3);
        assertThat(input.workNanos).isEqualTo(4.5);
        assertThat(input.sinceReleaseNanos).isEqualTo(6);
    }

    @Test
    void endsTheEpochAtADivergenceAfterTheHoldOff() {
        TriggerInput input = input(Conditions.of(new DivergenceRule(9 * MS)), HOST);
        assertThat(EpochTrigger.decide(input)).isEmpty();

        input.sample.divergedPackets = 1;
        assertThat(EpochTrigger.decide(input)).contains(TriggerReason.DIVERGENCE);
        input.sample.elapsedNanos = 9 * MS - 1;
        assertThat(EpochTrigger.decide(input)).as("within the hold-off").isEmpty();
    }

    @Test
    void callsTheLongestEpochOfEveryConditionTMax() {
        for (Conditions conditions : new Conditions[] {
            Conditions.of(IdleRule.DEFAULT),
            Conditions.of(new OutputRule(1000, 1000, 1, 0, 0)),
            Conditions.of(new DirtyRule(1000)),
            Conditions.of(PATIENT),
            Conditions.of(new DivergenceRule(0))
        }) {
            TriggerInput input = input(conditions, HOST);
            input.sample.elapsedNanos = 100 * MS;

            assertThat(EpochTrigger.decide(input)).contains(TriggerReason.T_MAX);
        }
    }

    @Test
    void aPlanThatGoesByOutputGivesWayToTheSafeIntervalWhereNobodySeesOutput() {
        for (Conditions conditions : new Conditions[] {
            Conditions.of(IdleRule.DEFAULT), Conditions.of(new OutputRule(1, 1, 0, 0, 0)), Conditions.of(READY)
        }) {
            TriggerInput input = input(conditions, HOST);
            input.sample.framesKnown = false;
            input.sample.elapsedNanos = LIMITS.safeIntervalNanos() - 1;
            assertThat(EpochTrigger.decide(input)).as("%s", conditions).isEmpty();
            input.sample.elapsedNanos = LIMITS.safeIntervalNanos();
            assertThat(EpochTrigger.decide(input)).as("%s", conditions).contains(TriggerReason.FALLBACK);
        }
        TriggerInput input = input(Conditions.of(new DirtyRule(100)), HOST);
        input.sample.framesKnown = false;
        input.dirtyPages = 100;
        assertThat(EpochTrigger.decide(input)).contains(TriggerReason.DIRTY_LIMIT);
    }

    @Test
    void noConditionIsLookedAtOnceTheLeaseIsOver() {
        TriggerInput input = input(Conditions.of(WAITING), HOST);
        input.plan = Optional.of(new LeasedPlan(1, input.plan.orElseThrow().plan(), 5));
        input.nowMicros = 5;

        assertThat(EpochTrigger.decide(input)).isEmpty();
    }

    @Test
    void noRuleMakesAnEpochShorterThanTMinOrLongerThanTheHardTMax() {
        long seed = 43;
        Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            TriggerInput input = draw(random);
            Optional<TriggerReason> decided = EpochTrigger.decide(input);
            long elapsedNanos = input.sample.elapsedNanos;
            if (elapsedNanos >= LIMITS.maxEpochNanos()) {
                assertThat(decided).as("seed %s, draw %s", seed, i).contains(TriggerReason.T_MAX);
            } else if (elapsedNanos < LIMITS.minEpochNanos()) {
                assertThat(decided).as("seed %s, draw %s", seed, i).isEmpty();
            } else if (input.dirtyPages >= LIMITS.dirtyPagesWatermark()) {
                assertThat(decided).as("seed %s, draw %s", seed, i).isPresent();
            } else if (elapsedNanos >= input.plan.orElseThrow().plan().maxEpochNanos()) {
                assertThat(decided).as("seed %s, draw %s", seed, i).isPresent();
            }
        }
    }

    private static TriggerInput draw(Random random) {
        Conditions conditions = new Conditions(
                maybe(random, () -> IdleRule.DEFAULT),
                maybe(
                        random,
                        () -> new OutputRule(
                                1 + random.nextInt(5), 1 + random.nextInt(5), random.nextDouble() * 4, MS, 1000)),
                maybe(random, () -> new DirtyRule(1 + random.nextInt(20_000))),
                maybe(
                        random,
                        () -> new WaitRule(
                                random.nextDouble() * 2,
                                random.nextDouble(),
                                1 + random.nextInt(20),
                                random.nextInt(3),
                                random.nextDouble() * MS,
                                random.nextDouble() * 10 * MS,
                                random.nextDouble(),
                                0.05,
                                random.nextDouble(),
                                random.nextLong(5 * MS),
                                random.nextDouble() * 1000,
                                random.nextDouble() * 1000,
                                random.nextLong(50 * MS),
                                random.nextLong(100 * MS),
                                ServicesRule.NONE)),
                maybe(random, () -> new DivergenceRule(random.nextLong(50 * MS))));
        TriggerPlacement placement = TriggerPlacement.values()[random.nextInt(3)];
        TriggerInput input = input(conditions, placement);
        long maxNanos = 1 + random.nextLong(900 * MS);
        EpochPlan plan = new EpochPlan("test", 0, maxNanos, conditions, placement, Reason.of("test"));
        input.plan = Optional.of(new LeasedPlan(1, plan, Long.MAX_VALUE));
        input.side = TriggerSide.values()[random.nextInt(2)];
        input.verdict = IdleVerdict.values()[random.nextInt(3)];
        input.restNanos = random.nextLong(50 * MS);
        input.workNanos = random.nextDouble() * 100 * MS;
        long elapsedNanos = random.nextInt(4) == 0 ? random.nextLong(3 * MS) : random.nextLong(600 * MS);
        input.sample.load(TestSample.lull(1, elapsedNanos)
                .held(random.nextInt(5))
                .pending(random.nextInt(5))
                .busy(random.nextDouble())
                .build());
        input.sample.oldestHeldNanos = random.nextLong(50 * MS);
        input.sample.oldestOpenNanos = random.nextLong(50 * MS);
        input.sample.openPackets = random.nextLong(input.sample.heldPackets + 1);
        input.sample.divergedPackets = random.nextInt(2);
        input.diskWrites = random.nextInt(6);
        boolean aboveMin = elapsedNanos >= LIMITS.minEpochNanos();
        input.dirtyPages = random.nextInt(aboveMin ? 20_000 : (int) LIMITS.dirtyPagesWatermark());
        return input;
    }

    private static <T> Optional<T> maybe(Random random, Supplier<T> rule) {
        return random.nextBoolean() ? Optional.of(rule.get()) : Optional.empty();
    }
}
