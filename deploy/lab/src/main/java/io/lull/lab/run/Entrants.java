package io.lull.lab.run;

import io.lull.policy.Objectives;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.lull.LullPolicy;
import io.lull.policy.registry.PolicyRegistry;
import io.lull.policy.rival.Candidate;
import io.lull.policy.rival.Rivals;
import java.util.ArrayList;
import java.util.List;

/**
 * The candidates of a comparison: Lull's policy, and its rivals in all settings or each in its default one.
 *
 * <p>All get the same targets, which only policies that can follow them do. The default setting of a rival is that of
 * {@link PolicyRegistry#standard()} with {@link Objectives#DEFAULT}: interval and T_max 25 ms.
 */
public final class Entrants {
    /** Stands for all policies. */
    public static final String ALL = "all";

    private static final long INTERVAL_NANOS = 25_000_000;
    private static final long MAX_EPOCH_NANOS = 500_000_000;

    private Entrants() {}

    /**
     * The candidates of the policies {@code names}; {@value #ALL} is every policy. Refuses a name that no policy has.
     *
     * @param sweep whether rivals take part in every setting of {@link Rivals}
     */
    public static List<Candidate> of(List<String> names, boolean sweep, Targets targets) {
        PolicyRegistry registry = PolicyRegistry.standard();
        names.stream().filter(name -> !name.equals(ALL)).forEach(registry::named);
        List<Candidate> all = new ArrayList<>();
        if (names.contains(ALL) || names.contains(LullPolicy.NAME)) {
            all.add(lull(targets));
        }
        if (sweep) {
            Rivals.sweep(base(targets)).stream()
                    .filter(rival -> names.contains(ALL) || names.contains(rival.policy()))
                    .forEach(all::add);
            return List.copyOf(all);
        }
        Objectives usual = Objectives.DEFAULT;
        Objectives objectives =
                new Objectives(usual.intervalNanos(), usual.maxEpochNanos(), usual.placement(), targets);
        for (String name : registry.names()) {
            if (!name.equals(LullPolicy.NAME) && (names.contains(ALL) || names.contains(name))) {
                all.add(new Candidate(name, "default", registry.named(name), objectives));
            }
        }
        return List.copyOf(all);
    }

    /** Lull's policy, which takes no setting but its targets. */
    public static Candidate lull(Targets targets) {
        return new Candidate(LullPolicy.NAME, TargetWords.of(targets), new LullPolicy(), base(targets));
    }

    private static Objectives base(Targets targets) {
        return new Objectives(INTERVAL_NANOS, MAX_EPOCH_NANOS, TriggerPlacement.HOST, targets);
    }
}
