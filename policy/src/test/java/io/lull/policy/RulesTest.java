package io.lull.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What plans and objectives are made of refuses numbers that mean nothing. */
class RulesTest {
    private static final double NAN = Double.NaN;

    private static void refused(String name, ThrowingCallable made) {
        assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(name);
    }

    @Test
    void aDirtyRuleNeedsAPage() {
        refused("maxDirtyPages", () -> new DirtyRule(0));
        assertThat(new DirtyRule(1).maxDirtyPages()).isEqualTo(1);
    }

    @Test
    void aDivergenceRuleHoldsOffForNoNegativeTime() {
        refused("holdOffNanos", () -> new DivergenceRule(-1));
        assertThat(new DivergenceRule(0).holdOffNanos()).isZero();
    }

    @Test
    void anOutputRuleNeedsAFrameAWriteAndFiniteTimes() {
        refused("minHeldPackets", () -> new OutputRule(0, 1, 1, 0, 0));
        refused("minDiskWrites", () -> new OutputRule(1, 0, 1, 0, 0));
        refused("paceRatio", () -> new OutputRule(1, 1, -0.1, 0, 0));
        refused("paceRatio", () -> new OutputRule(1, 1, NAN, 0, 0));
        refused("transferNanos", () -> new OutputRule(1, 1, 1, -1, 0));
        refused("transferNanosPerPage", () -> new OutputRule(1, 1, 1, 0, NAN));
        assertThat(new OutputRule(1, 1, 1, 500, 2.5).transferNanosOf(10)).isEqualTo(525);
    }

    @Test
    void aWaitRuleNeedsAFrameInItsConversationAndSharesFromNoneToAll() {
        refused(
                "waitPriceRatio",
                () -> new WaitRule(-1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, Long.MAX_VALUE, ServicesRule.NONE));
        refused(
                "averageLossRatio",
                () -> new WaitRule(0, NAN, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, Long.MAX_VALUE, ServicesRule.NONE));
        refused(
                "talkPackets",
                () -> new WaitRule(0, 0, 0.9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, Long.MAX_VALUE, ServicesRule.NONE));
        refused(
                "stuckRequests",
                () -> new WaitRule(0, 0, 1, -1, 0, 0, 1, 0, 0, 0, 0, 0, 0, Long.MAX_VALUE, ServicesRule.NONE));
        refused(
                "nanosPerPacket",
                () -> new WaitRule(0, 0, 1, 0, NAN, 0, 1, 0, 0, 0, 0, 0, 0, Long.MAX_VALUE, ServicesRule.NONE));
        refused(
                "gapNanos",
                () -> new WaitRule(0, 0, 1, 0, 0, -1, 1, 0, 0, 0, 0, 0, 0, Long.MAX_VALUE, ServicesRule.NONE));
        refused(
                "saturatedBusyRatio",
                () -> new WaitRule(0, 0, 1, 0, 0, 0, 1.1, 0, 0, 0, 0, 0, 0, Long.MAX_VALUE, ServicesRule.NONE));
        refused(
                "busyRatio",
                () -> new WaitRule(0, 0, 1, 0, 0, 0, 1, 1.1, 0, 0, 0, 0, 0, Long.MAX_VALUE, ServicesRule.NONE));
        refused(
                "answeredBusyRatio",
                () -> new WaitRule(0, 0, 1, 0, 0, 0, 1, 0, 1.1, 0, 0, 0, 0, Long.MAX_VALUE, ServicesRule.NONE));
        refused(
                "pauseNanos",
                () -> new WaitRule(0, 0, 1, 0, 0, 0, 1, 0, 0, -1, 0, 0, 0, Long.MAX_VALUE, ServicesRule.NONE));
        refused(
                "pauseNanosPerPage",
                () -> new WaitRule(0, 0, 1, 0, 0, 0, 1, 0, 0, 0, -1, 0, 0, Long.MAX_VALUE, ServicesRule.NONE));
        refused(
                "slotsPerSecond",
                () -> new WaitRule(0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, -1, 0, Long.MAX_VALUE, ServicesRule.NONE));
        refused(
                "maxHeldNanos",
                () -> new WaitRule(0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, -1, Long.MAX_VALUE, ServicesRule.NONE));
        refused("service.port", () -> new ServiceRule(0, 1, 0, 0));
        refused("service.clients", () -> new ServiceRule(80, 0.9, 0, 0));
        refused("service.price", () -> new ServiceRule(80, 1, NAN, 0));
        refused("service.loss", () -> new ServiceRule(80, 1, 0, -1));
        refused("services.besidesLoss", () -> new ServicesRule(-1, List.of()));
        refused("services", () -> new ServicesRule(0, Collections.nCopies(5, new ServiceRule(80, 1, 0, 0))));
        refused("readyWorkNanos", () -> new WaitRule(0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, -1, ServicesRule.NONE));
        assertThat(new WaitRule(0, 0, 1, 0, 0, 0, 1, 0, 0, 500, 2.5, 0, 0, Long.MAX_VALUE, ServicesRule.NONE)
                        .pauseNanosOf(10))
                .isEqualTo(525);
    }

    @Test
    void targetsAreAbsentOrMeanSomething() {
        refused("outputDelayP99Nanos", () -> Targets.outputDelay(0));
        refused("overheadRatio", () -> new Targets(OptionalLong.empty(), OptionalDouble.of(1.1), OptionalLong.empty()));
        refused("overheadRatio", () -> new Targets(OptionalLong.empty(), OptionalDouble.of(0), OptionalLong.empty()));
        refused(
                "shippedBytesPerSecond",
                () -> new Targets(OptionalLong.empty(), OptionalDouble.empty(), OptionalLong.of(0)));
        refused(
                "encodeThreads",
                () -> new Targets(
                        OptionalLong.empty(), OptionalDouble.empty(), OptionalLong.empty(), OptionalInt.of(0)));
        assertThat(Targets.outputDelay(5).outputDelayP99Nanos()).hasValue(5);
        assertThat(Targets.outputDelay(5).overheadRatio()).isEmpty();
    }

    @Test
    void objectivesNeedLengths() {
        refused("intervalNanos", () -> new Objectives(0, 1, TriggerPlacement.HOST, Targets.NONE));
        refused("maxEpochNanos", () -> new Objectives(1, 0, TriggerPlacement.HOST, Targets.NONE));
    }

    @Test
    void conditionsAreEmptyOnlyWithoutAnyRule() {
        assertThat(Conditions.NONE.isEmpty()).isTrue();
        assertThat(List.of(
                        Conditions.of(IdleRule.DEFAULT),
                        Conditions.of(new OutputRule(1, 1, 1, 0, 0)),
                        Conditions.of(new DirtyRule(1)),
                        Conditions.of(
                                new WaitRule(0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, Long.MAX_VALUE, ServicesRule.NONE)),
                        Conditions.of(new DivergenceRule(0))))
                .noneMatch(Conditions::isEmpty)
                .doesNotHaveDuplicates();
    }

    @Test
    void aPlanWithOtherBoundsKeepsItsConditions() {
        Conditions conditions = Conditions.of(new DirtyRule(1));
        EpochPlan plan = new EpochPlan("p", 1, 2, conditions, TriggerPlacement.JOB, Reason.of("because"));

        assertThat(plan.bounded(3, 4, "clamped"))
                .isEqualTo(new EpochPlan(
                        "p",
                        3,
                        4,
                        conditions,
                        TriggerPlacement.JOB,
                        Reason.of("because").and("clamped")));
        assertThat(plan.idleRule()).isEmpty();
        refused("minEpochNanos", () -> plan.bounded(5, 4, "crossed"));
    }
}
