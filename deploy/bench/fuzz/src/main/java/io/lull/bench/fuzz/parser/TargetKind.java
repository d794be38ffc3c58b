package io.lull.bench.fuzz.parser;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** What can be fuzzed, by name, and its share of a campaign's inputs. Cheap and exposed parsers have the larger shares. */
public enum TargetKind {
    BACKUP("backup", 10, BackupTarget::new),
    CHUNKS("chunks", 15, folder -> new ChunkTarget()),
    ANSWERS("answers", 8, folder -> new AnswersTarget()),
    COLO("colo", 8, folder -> new ColoTarget()),
    SHARED("shared", 5, folder -> new SharedRamTarget()),
    FRAMES("frames", 25, folder -> new FrameTarget()),
    NBD("nbd", 8, folder -> new NbdTarget()),
    QMP("qmp", 15, folder -> new QmpTarget()),
    RECORDS("records", 10, folder -> new RecordTarget()),
    CONFIG("config", 1, ConfigTarget::new);

    private final String label;
    private final int share;
    private final Opener opener;

    private interface Opener {
        Target open(Path folder) throws IOException;
    }

    TargetKind(String label, int share, Opener opener) {
        this.label = label;
        this.share = share;
        this.opener = opener;
    }

    public String label() {
        return label;
    }

    public int share() {
        return share;
    }

    /** A target of its own, with a folder of its own for what it keeps in files. */
    public Target open(Path folder) throws IOException {
        return opener.open(folder);
    }

    public static Optional<TargetKind> of(String label) {
        return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
    }
}
