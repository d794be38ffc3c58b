package io.lull.policy.registry;

import io.lull.policy.CheckpointPolicy;
import io.lull.policy.daly.YoungDalyPolicy;
import io.lull.policy.daly.YoungDalySettings;
import io.lull.policy.gerofi.WorkloadAdaptivePolicy;
import io.lull.policy.gerofi.WorkloadAdaptiveSettings;
import io.lull.policy.kemari.OnOutputPolicy;
import io.lull.policy.lull.LullPolicy;
import io.lull.policy.mc.MicroCheckpointPolicy;
import io.lull.policy.mc.MicroCheckpointSettings;
import io.lull.policy.orbit.OrbitHybridPolicy;
import io.lull.policy.orbit.OrbitHybridSettings;
import io.lull.policy.plover.IdleSlotPolicy;
import io.lull.policy.plover.PloverReleasedPolicy;
import io.lull.policy.plover.PloverReleasedSettings;
import io.lull.policy.remus.AdaptiveRemusPolicy;
import io.lull.policy.remus.AdaptiveRemusSettings;
import io.lull.policy.remus.FixedIntervalPolicy;
import io.lull.policy.watermark.DirtyWatermarkPolicy;
import io.lull.policy.watermark.DirtyWatermarkSettings;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The checkpoint policies by name; job, worker and simulator know those that are registered here and no other. */
public final class PolicyRegistry {
    private final Map<String, CheckpointPolicy<?>> byName = new LinkedHashMap<>();

    /** A registry of {@code policies}; refuses two of the same name. */
    public PolicyRegistry(List<CheckpointPolicy<?>> policies) {
        for (CheckpointPolicy<?> policy : policies) {
            if (byName.putIfAbsent(policy.name(), policy) != null) {
                throw new IllegalArgumentException("two policies are named '" + policy.name() + "'");
            }
        }
    }

    /** Every policy of this module, with its default parameters. */
    public static PolicyRegistry standard() {
        return new PolicyRegistry(List.of(
                new FixedIntervalPolicy(),
                new IdleSlotPolicy(),
                new AdaptiveRemusPolicy(AdaptiveRemusSettings.DEFAULT),
                new WorkloadAdaptivePolicy(WorkloadAdaptiveSettings.DEFAULT),
                new PloverReleasedPolicy(PloverReleasedSettings.DEFAULT),
                new MicroCheckpointPolicy(MicroCheckpointSettings.DEFAULT),
                new DirtyWatermarkPolicy(DirtyWatermarkSettings.DEFAULT),
                new OnOutputPolicy(),
                new OrbitHybridPolicy(OrbitHybridSettings.DEFAULT),
                new YoungDalyPolicy(YoungDalySettings.DEFAULT),
                new LullPolicy()));
    }

    /** The names, in the order of registration. */
    public Set<String> names() {
        return Collections.unmodifiableSet(byName.keySet());
    }

    public boolean knows(String name) {
        return byName.containsKey(name);
    }

    /** The policy of that name; an {@link IllegalArgumentException} that lists the known ones when there is none. */
    public CheckpointPolicy<?> named(String name) {
        CheckpointPolicy<?> policy = byName.get(name);
        if (policy == null) {
            throw new IllegalArgumentException(
                    "no policy is named '" + name + "'; known are " + String.join(", ", byName.keySet()));
        }
        return policy;
    }
}
