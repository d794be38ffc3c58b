package io.lull.bench.many;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The delays of all VMs in all phases, over all rounds. Thread-safe. */
final class Results {
    /** The VM that turns wild. */
    static final int WILD_VM = 0;

    private static final double P99 = 0.99;

    private final Map<Phase, List<Delays>> delays = new EnumMap<>(Phase.class);

    Results(int vms) {
        for (Phase phase : Phase.values()) {
            List<Delays> each = new ArrayList<>();
            for (int vm = 0; vm < vms; vm++) {
                each.add(new Delays());
            }
            delays.put(phase, each);
        }
    }

    Delays of(Phase phase, int vm) {
        return delays(phase).get(vm);
    }

    private List<Delays> delays(Phase phase) {
        return delays.getOrDefault(phase, List.of());
    }

    /** Pages that all VMs together have committed in a phase. */
    long pages(Phase phase) {
        return delays(phase).stream().mapToLong(Delays::pages).sum();
    }

    long p99(Phase phase, int vm) {
        return of(phase, vm).quantile(P99);
    }

    /** One for each VM that stayed calm. */
    List<Verdict> verdicts() {
        List<Verdict> all = new ArrayList<>();
        for (int vm = 0; vm < delays(Phase.CALM).size(); vm++) {
            if (vm != WILD_VM) {
                all.add(new Verdict(vm, p99(Phase.CALM, vm), p99(Phase.WILD, vm), p99(Phase.EVEN, vm)));
            }
        }
        return all;
    }
}
