package io.lull.lab;

import io.lull.lab.trace.DirtyLog;
import io.lull.lab.trace.Recordings;
import io.lull.policy.sim.DrawnWorkloads;
import io.lull.policy.sim.PublishedWorkloads;
import io.lull.policy.sim.Workload;
import io.lull.policy.sim.Workloads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The workloads that a person names on the command line. */
final class WorkloadChoice {
    /** Stands for all synthetic workloads. */
    static final String STANDARD = "standard";

    /** Stands for those that were measured elsewhere. */
    private static final String PUBLISHED = "published";

    private static final Pattern DRAWN = Pattern.compile("drawn-(\\d{1,9})(?:\\.\\.(\\d{1,9}))?");

    private static final int MOST_DRAWN = 1_000;

    private static final String RECORDING_SUFFIX = ".lullrec";

    private WorkloadChoice() {}

    /** Those named and those of the traces; all synthetic ones when neither is given. */
    static List<Workload> of(List<String> names, List<Path> traces) throws IOException {
        Map<String, List<Workload>> known = known();
        List<Workload> chosen = new ArrayList<>();
        for (String name : names.isEmpty() && traces.isEmpty() ? List.of(STANDARD) : names) {
            List<Workload> found = known.getOrDefault(name, drawn(name));
            if (found.isEmpty()) {
                throw new IllegalArgumentException("no workload is named '" + name
                        + "'; known are drawn-N, drawn-N..M for the ones of those seeds, "
                        + String.join(", ", known.keySet()));
            }
            chosen.addAll(found);
        }
        for (Path trace : traces) {
            chosen.addAll(recorded(trace));
        }
        return chosen;
    }

    /** The workloads of a seed, or of up to {@value #MOST_DRAWN} seeds; none when {@code name} is no such word. */
    private static List<Workload> drawn(String name) {
        Matcher words = DRAWN.matcher(name);
        if (!words.matches()) {
            return List.of();
        }
        int first = Integer.parseInt(words.group(1));
        int last = words.group(2) == null ? first : Integer.parseInt(words.group(2));
        if (last < first || last - first >= MOST_DRAWN) {
            throw new IllegalArgumentException("--workload " + name + " names " + (last - first + 1L)
                    + " workloads; name 1 to " + MOST_DRAWN + ", for example drawn-1..60");
        }
        return DrawnWorkloads.from(first, last - first + 1);
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
