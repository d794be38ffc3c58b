package io.lull.lab;

import io.lull.lab.trace.DirtyLog;
import io.lull.lab.trace.Recordings;
import io.lull.policy.sim.PublishedWorkloads;
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

    /** Stands for those that were measured elsewhere. */
    private static final String PUBLISHED = "published";

    private static final String RECORDING_SUFFIX = ".lullrec";

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
            chosen.addAll(recorded(trace));
        }
        return chosen;
    }

    private static List<Workload> recorded(Path trace) throws IOException {
        String file = String.valueOf(trace.getFileName());
        if (file.endsWith(RECORDING_SUFFIX) && file.length() > RECORDING_SUFFIX.length()) {
            return Recordings.read(trace, file.substring(0, file.length() - RECORDING_SUFFIX.length()));
        }
        return Workloads.of(DirtyLog.read(trace));
    }

    /** Every name with what it stands for: sets first, then single workloads. */
    private static Map<String, List<Workload>> known() {
        Map<String, List<Workload>> known = new LinkedHashMap<>();
        known.put(STANDARD, Workloads.standard());
        known.put(PUBLISHED, PublishedWorkloads.all());
        for (List<Workload> set : List.copyOf(known.values())) {
            set.forEach(workload -> known.put(workload.name(), List.of(workload)));
        }
        return known;
    }
}
