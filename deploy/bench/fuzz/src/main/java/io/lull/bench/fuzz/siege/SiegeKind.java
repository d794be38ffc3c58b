package io.lull.bench.fuzz.siege;

import io.lull.worker.wire.Wired;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/** What can be besieged, by name. */
public enum SiegeKind {
    PORT("port", folder -> new BackupSiege(folder, Wired.PLAINTEXT)),
    TLS_PORT("tls-port", folder -> new BackupSiege(folder, Wired.TLS)),
    NBD_SOCKET("nbd-socket", NbdSiege::new),
    QMP_SOCKET("qmp-socket", QmpSiege::new);

    private final String label;
    private final Function<Path, Siege> opener;

    SiegeKind(String label, Function<Path, Siege> opener) {
        this.label = label;
        this.opener = opener;
    }

    public String label() {
        return label;
    }

    /** A siege that keeps its files in a folder. */
    public Siege open(Path folder) {
        return opener.apply(folder);
    }

    public static Optional<SiegeKind> of(String label) {
        return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
    }
}
