package io.lull.local.loop;

import io.lull.policy.HardLimits;
import io.lull.policy.Objectives;
import io.lull.policy.OperatorIntent;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.VmId;
import io.lull.policy.registry.PolicyRegistry;
import io.lull.policy.rival.Candidate;
import io.lull.policy.sim.ControlPath;
import io.lull.policy.sim.CostModel;
import io.lull.policy.sim.SimSettings;
import io.lull.policy.sim.Simulation;
import io.lull.policy.sim.Workload;
import io.lull.policy.sim.Workloads;
import io.lull.worker.primary.SimulatedPrimary;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One policy on one guest: what simulator and loop are both given.
 *
 * @param policy its name in the registry
 * @param workload a standard workload's name
 * @param placement who looks for idle slots
 * @param seed what the guest does
 */
public record Trial(String policy, String workload, TriggerPlacement placement, long seed) {
    public static final CostModel COST = CostModel.kvm();
    private static final long INTERVAL_NANOS = 25_000_000;
    private static final Targets TARGETS = Targets.outputDelay(25_000_000);

    @Override
    public String toString() {
        return policy + " on " + workload + ", trigger " + placement + ", seed " + seed;
    }

    /** What is asked of the policy. */
    public Objectives objectives() {
        return new Objectives(INTERVAL_NANOS, INTERVAL_NANOS, placement, TARGETS);
    }

    public Workload guest() {
        return Workloads.standard().stream()
                .filter(standard -> standard.name().equals(workload))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no standard workload is named '" + workload + "'"));
    }

    /** The guest as it is called on its host. */
    public SimulatedPrimary.Guest guest(VmId vm) {
        return new SimulatedPrimary.Guest(vm, guest(), COST, seed);
    }

    /** The epochs that the simulator predicts. */
    public List<Epoch> predicted(SimSettings settings) {
        Candidate candidate =
                new Candidate(policy, toString(), PolicyRegistry.standard().named(policy), objectives());
        return Simulation.run(guest(), COST, candidate, settings, seed).epochs().stream()
                .map(Epoch::of)
                .toList();
    }

    /** The operator's word for it. */
    public OperatorIntent intent(VmId vm) {
        return intent(vm, objectives());
    }

    /** The same policy asked for other objectives. */
    public OperatorIntent intent(VmId vm, Objectives asked) {
        return new OperatorIntent(
                vm,
                OperatorIntent.Kind.CHOOSE_POLICY,
                Optional.of(policy),
                OptionalLong.of(asked.intervalNanos()),
                OptionalLong.of(asked.maxEpochNanos()),
                Optional.of(asked.placement()),
                asked.targets(),
                "ada",
                "closed loop",
                0,
                OptionalLong.empty());
    }

    /** The worker's limits as its configuration has them, with these periods, over this way. */
    public static SimSettings settings(long tickNanos, ControlPath path, long warmUpNanos, long runNanos) {
        return new SimSettings(HardLimits.DEFAULT, tickNanos, path, warmUpNanos, runNanos);
    }

    /** A way on which nothing goes wrong and every plan and command takes {@code delayNanos}. */
    public static ControlPath steadyWay(long telemetryNanos, long delayNanos) {
        return way(telemetryNanos, delayNanos, delayNanos);
    }

    /** A way on which nothing goes wrong and plans and commands take so long at the median and the 99th percentile. */
    public static ControlPath way(long telemetryNanos, long delayP50Nanos, long delayP99Nanos) {
        ControlPath usual = ControlPath.MEASURED;
        return new ControlPath(
                telemetryNanos,
                delayP50Nanos,
                delayP99Nanos,
                usual.leaseNanos(),
                usual.reassertNanos(),
                usual.commandExpiryNanos(),
                0,
                0,
                0,
                0,
                0,
                0);
    }
}
