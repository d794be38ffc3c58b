package io.lull.job.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.Intents;
import io.lull.job.fixture.RandomVm;
import io.lull.job.fixture.Samples;
import io.lull.job.monitor.JobMetric;
import io.lull.job.schedule.SchedulerHarness.Sent;
import io.lull.policy.Decision;
import io.lull.policy.OperatorIntent.Kind;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.registry.PolicyRegistry;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every policy, chosen for a VM that runs, sent for real or as advice. */
class PolicyAtRunTimeTest {
    private static final OptionalLong FOR_EVER = OptionalLong.empty();
    private static final String NEEDS_MORE = "orbit.hybrid";

    static Stream<String> policies() {
        return PolicyRegistry.standard().names().stream().filter(name -> !name.equals(NEEDS_MORE));
    }

    private static SchedulerHarness running() throws Exception {
        SchedulerHarness harness =
                new SchedulerHarness(SchedulerHarness.settings("remus.fixed", TriggerPlacement.HOST));
        harness.send(Inbounds.of(Samples.busy(1, 1, 1000)));
        harness.sent();
        return harness;
    }

    /** Two seconds of a VM that does anything. */
    private static void run(SchedulerHarness harness, RandomVm vm) throws Exception {
        for (int i = 0; i < 200; i++) {
            VmSample sample = vm.sample();
            harness.send(Inbounds.of(sample));
            if (i % 5 == 4) {
                EpochReport report = vm.endEpoch();
                harness.send(Inbounds.of(report));
            }
            harness.advanceMillis(10);
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void takesOverAtTheNextSampleAndKeepsItsPlanInForce(String policy) throws Exception {
        try (SchedulerHarness harness = running()) {
            long samplesBefore = harness.metrics().count(JobMetric.POLICY_SAMPLES, policy);
            long plansBefore = harness.metrics().count(JobMetric.POLICY_PLANS, policy);
            harness.send(Inbounds.of(Intents.choose(policy, TriggerPlacement.BOTH, FOR_EVER)));
            run(harness, new RandomVm(5));
            Sent sent = harness.sent();

            assertThat(harness.rejected()).isEmpty();
            assertThat(sent.plans()).as("one each half second at least").hasSizeGreaterThanOrEqualTo(4);
            assertThat(sent.plans())
                    .allSatisfy(plan -> assertThat(plan.plan().plan().policy()).isEqualTo(policy));
            assertThat(sent.decisions()).isNotEmpty().allSatisfy(decision -> {
                assertThat(decision.policy()).isEqualTo(policy);
                assertThat(decision.inputs()).isNotEmpty();
                assertThat(decision.candidates()).isNotEmpty();
                assertThat(decision.reason().parts()).isNotEmpty();
            });
            assertThat(harness.metrics().count(JobMetric.POLICY_SAMPLES, policy))
                    .isEqualTo(samplesBefore + 200);
            assertThat(harness.metrics().count(JobMetric.POLICY_PLANS, policy))
                    .isEqualTo(plansBefore + sent.plans().size());
            assertThat(harness.metrics().count(JobMetric.POLICY_EPOCH_ENDS, policy))
                    .isEqualTo(sent.ends().size());
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void asAdviceSendsNothingAndRecordsWhatItWouldHave(String policy) throws Exception {
        try (SchedulerHarness harness = running()) {
            harness.send(Inbounds.of(Intents.order(Kind.ADVICE, FOR_EVER)));
            harness.send(Inbounds.of(Intents.choose(policy, TriggerPlacement.BOTH, FOR_EVER)));
            run(harness, new RandomVm(5));
            Sent sent = harness.sent();

            assertThat(sent.plans()).isEmpty();
            assertThat(sent.ends()).isEmpty();
            assertThat(sent.decisions()).isNotEmpty().allSatisfy(decision -> {
                assertThat(decision.kind()).isEqualTo(Decision.Kind.NONE);
                assertThat(decision.guards()).contains("advice");
            });
            assertThat(harness.gauge(JobMetric.VMS_ADVISED)).isEqualTo(1);
            assertThat(harness.count(JobMetric.COMMANDS)).as("of before").isEqualTo(1);
        }
    }

    @Test
    void aPolicyWhoseSignalsTelemetryLacksIsRefusedInsteadOfGuessing() throws Exception {
        try (SchedulerHarness harness = running()) {
            harness.send(Inbounds.of(Intents.choose(NEEDS_MORE, TriggerPlacement.HOST, FOR_EVER)));

            assertThat(harness.rejected()).singleElement().satisfies(rejected -> assertThat(
                            rejected.headers().get("reason"))
                    .isEqualTo("policy 'orbit.hybrid' needs [DIVERGENCE], which telemetry does not carry"));
            assertThat(harness.count(JobMetric.INTENTS_REJECTED)).isEqualTo(1);
        }
    }
}
