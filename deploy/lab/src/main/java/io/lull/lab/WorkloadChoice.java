package io.lull.lab;

import io.lull.lab.trace.DirtyLog;
import io.lull.policy.sim.Workload;
import io.lull.policy.sim.Workloads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The workloads that a person names on the command line. */
final class WorkloadChoice {
    /** Stands for all synthetic workloads. */
    static final String STANDARD = "standard";

    private WorkloadChoice() {}

    /** Those named and those of the traces; all synthetic ones when neither is given. */
    static List<Workload> of(List<String> names, List<Path> traces) throws IOException {
        Map<String, List<Workload>> known = known();
        List<Workload> chosen = new ArrayList<>();
        for (String name : names.isEmpty() && traces.isEmpty() ? List.of(STANDARD) : names) {
            List<Workload> found = known.get(name);
            if (found == null) {
                throw new IllegalArgumentException(
                        "no workload is named '" + name + "'; known are " + String.join(", ", known.keySet()));
            }
            chosen.addAll(found);
        }
        for (Path trace : traces) {
            chosen.addAll(Workloads.of(DirtyLog.read(trace)));
        }
        return chosen;
    }

    /** Every name with what it stands for: sets first, then single workloads. Further sets have their place here. */
    private static Map<String, List<Workload>> known() {
        Map<String, List<Workload>> known = new LinkedHashMap<>();
        known.put(STANDARD, Workloads.standard());
        for (List<Workload> set : List.copyOf(known.values())) {
            set.forEach(workload -> known.put(workload.name(), List.of(workload)));
        }
        return known;
    }
}
