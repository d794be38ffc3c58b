package io.lull.bench.fuzz;

import io.lull.bench.fuzz.parser.Target;
import io.lull.bench.fuzz.parser.TargetKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A target with the number of inputs that it gets in a campaign.
 *
 * @param opener makes targets: each thread of a campaign has one of its own
 */
record Subject(String name, long inputs, Opener opener) {
    /** Makes a target that may keep files in a folder. */
    interface Opener {
        Target open(Path folder) throws IOException;
    }

    /** So many inputs in all, by the targets' shares. */
    static List<Subject> of(Collection<TargetKind> kinds, long inputs) {
        long shares = kinds.stream().mapToLong(TargetKind::share).sum();
        List<Subject> subjects = new ArrayList<>();
        for (TargetKind kind : kinds) {
            long own = (inputs * kind.share() + shares - 1) / shares;
            subjects.add(new Subject(kind.label(), own, kind::open));
        }
        return subjects;
    }
}
