package io.lull.policy.sim;

import static io.lull.policy.sim.Trial.MS;
import static io.lull.policy.sim.Trial.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lull.policy.Objectives;
import io.lull.policy.Signal;
import io.lull.policy.TriggerReason;
import io.lull.policy.rival.Candidate;
import io.lull.policy.rival.Rivals;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rivals do in the loop, with trigger, detector and control path, what their papers say that they do. */
class BaselinesInSimulationTest {
    private static final SimSettings SETTINGS = SimSettings.DEFAULT.lasting(SECOND, 8 * SECOND);
    private static final CostModel COST = CostModel.kvm();

    private static Candidate rival(String policy, String setting) {
        List<Candidate> found = Rivals.named(policy).stream()
                .filter(candidate -> candidate.setting().startsWith(setting))
                .toList();
        return found.get(0);
    }

    private static RunResult run(String workload, Candidate candidate) {
        return Trial.run(Trial.standard(workload), COST, candidate, SETTINGS, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu-1", "cpu-heavy-8", "mixed-cpu-closed"})
    void ploverAsReleasedNeverCheckpointsAGuestThatComputes(String workload) {
        RunResult result = run(workload, rival("plover.released", "as released"));

        // All that ends an epoch is the worker's hard T_max of 500 ms, or the half of it that the guest runs at least.
        assertThat(result.reasons()).containsOnlyKeys(TriggerReason.T_MAX);
        assertThat(result.checkpointsPerSecond()).isBetween(1.0, 2.5);
    }

    @Test
    void ploverAsReleasedCheckpointsAServerInItsIdleSlots() {
        RunResult result = run("closed-10", rival("plover.released", "as released"));

        assertThat(result.reasons()).containsOnlyKeys(TriggerReason.IDLE_SLOT);
        assertThat(result.slotRatio()).isGreaterThan(0.9);
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 25, 100})
    void microCheckpointsComeAfterTheirSleepAndTheTransmission(long freqMillis) {
        RunResult result = run("cpu-1", rival("mc.sleep", "freq " + freqMillis + " ms"));

        assertThat(result.reasons()).containsOnlyKeys(TriggerReason.INTERVAL);
        for (EpochPoint epoch : lastOf(result, 20)) {
            // Downtime and transmission of the checkpoint before are in whole milliseconds and those of another epoch.
            double run = Math.max(0, freqMillis * MS - epoch.pauseNanos()) + epoch.commitNanos() - epoch.pauseNanos();
            assertThat((double) epoch.lengthNanos()).isCloseTo(run, within(0.25 * run + 3 * MS));
        }
    }

    @Test
    void aFixedIntervalIsKeptExactlyButForTheTick() {
        RunResult result = run("closed-50", rival("remus.fixed", "T 25 ms"));

        assertThat(result.reasons()).containsOnlyKeys(TriggerReason.INTERVAL);
        assertThat(result.checkpointsPerSecond()).isBetween(38.5, 40.0);
    }

    @Test
    void adaptiveRemusChangesItsModeWithTheLoad() {
        Candidate candidate = rival("remus.adaptive", "T_net 10 ms, T_proc 100 ms, 100 packets/s, window 100 ms");
        Set<String> modes = new TreeSet<>();
        int[] changes = {0};
        String[] before = {""};
        Watcher watcher = (vm, input, ended, toWorker) -> input.plan.ifPresent(leased -> {
            String reason = leased.plan().reason().toString();
            String mode = reason.substring(0, reason.indexOf(' '));
            modes.add(mode);
            changes[0] += mode.equals(before[0]) ? 0 : 1;
            before[0] = mode;
        });
        RunResult result = Trial.run(Trial.standard("on-off"), COST, candidate, SETTINGS, 1, watcher);

        assertThat(modes).containsExactly("network", "processing");
        // A second of load and a second without: a change at every turn, and none in between.
        assertThat(changes[0]).isBetween(8, 11);
        assertThat(result.reasons()).containsOnlyKeys(TriggerReason.INTERVAL);
        assertThat(result.checkpointsPerSecond()).isBetween(35.0, 60.0);
    }

    @ParameterizedTest
    @ValueSource(longs = {256, 1024})
    void aWatermarkEndsEpochsAtItsNumberOfPages(long pages) {
        RunResult result = run("cpu-1", rival("watermark", pages + " pages"));

        assertThat(result.reasons()).containsOnlyKeys(TriggerReason.DIRTY_LIMIT);
        assertThat(result.dirtyPagesPerCheckpoint()).isCloseTo((double) pages, within(0.15 * pages));
    }

    @Test
    void kemariEndsEveryEpochAtItsFirstOutput() {
        RunResult result = run("open-light", rival("kemari", "any output"));

        assertThat(share(result, TriggerReason.OUTPUT)).isGreaterThan(0.95);
        assertThat(result.outputDelay().quantileNanos(0.5)).isLessThan(4 * MS);
    }

    @Test
    void gerofiWaitsForItsOutputsAndForTheLink() {
        RunResult few = run("open-busy", rival("gerofi", "pace 0.5, 1 outputs, T_min 5 ms, T_max 100 ms"));
        RunResult many = run("open-busy", rival("gerofi", "pace 0.5, 64 outputs, T_min 5 ms, T_max 100 ms"));

        assertThat(share(few, TriggerReason.OUTPUT)).isGreaterThan(0.95);
        assertThat(many.checkpointsPerSecond()).isLessThan(0.6 * few.checkpointsPerSecond());
    }

    @Test
    void ploverWithABoundEndsEpochsThatHaveNoIdleSlotAtTheBound() {
        RunResult result = run("cpu-1", rival("plover.idle", "T_max 25 ms"));

        assertThat(result.reasons()).containsOnlyKeys(TriggerReason.T_MAX);
        assertThat(result.checkpointsPerSecond()).isBetween(38.0, 40.0);
    }

    @Test
    void aWorkloadThatLacksASignalIsRefusedByThePoliciesThatNeedIt() {
        int refused = 0;
        for (Signal lacking : Signal.values()) {
            Workload full = Trial.standard("closed-10");
            Set<Signal> signals = EnumSet.allOf(Signal.class);
            signals.remove(lacking);
            Workload workload = new Workload(
                    full.name(),
                    full.vcpus(),
                    full.activities(),
                    full.dirty(),
                    full.timerNanos(),
                    full.timerWorkNanos(),
                    signals);
            for (Candidate candidate : Rivals.sweep(Objectives.DEFAULT)) {
                Set<Signal> missing = Simulation.missing(workload, candidate.instance());
                boolean needs = candidate.instance().requires().contains(lacking);
                assertThat(missing).isEqualTo(needs ? Set.of(lacking) : Set.of());
                if (needs) {
                    refused++;
                    assertThatThrownBy(() -> Simulation.run(workload, COST, candidate, SETTINGS, 1))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining(candidate.policy())
                            .hasMessageContaining(lacking.name());
                }
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void orbitIsRefusedByEveryStandardWorkload() {
        Candidate orbit = rival("orbit.hybrid", "as released");

        assertThat(Workloads.standard())
                .allSatisfy(workload -> assertThat(Simulation.missing(workload, orbit.instance()))
                        .containsExactly(Signal.DIVERGENCE));
    }

    private static double share(RunResult result, TriggerReason reason) {
        Map<TriggerReason, Long> reasons = result.reasons();
        long all = reasons.values().stream().mapToLong(Long::longValue).sum();
        return reasons.getOrDefault(reason, 0L) / (double) all;
    }

    private static List<EpochPoint> lastOf(RunResult result, int count) {
        List<EpochPoint> epochs = result.epochs();
        return epochs.subList(epochs.size() - count, epochs.size());
    }
}
