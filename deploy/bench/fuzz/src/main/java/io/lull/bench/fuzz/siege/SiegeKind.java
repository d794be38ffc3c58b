package io.lull.bench.fuzz.siege;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** What can be besieged, by name. */
public enum SiegeKind {
    PORT("port", folder -> (seed, connections) -> new Siege.Outcome("", java.util.List.of()));

    private final String label;
    private final Opener opener;

    private interface Opener {
        Siege open(Path folder) throws IOException;
    }

    SiegeKind(String label, Opener opener) {
        this.label = label;
        this.opener = opener;
    }

    public String label() {
        return label;
    }

    /** A siege that keeps its files in a folder. */
    public Siege open(Path folder) throws IOException {
        return opener.open(folder);
    }

    public static Optional<SiegeKind> of(String label) {
        return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
    }
}
