package io.lull.bench.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.CRC32;

/** Writes the inputs that broke a rule to files, and says how to repeat them. */
final class Findings {
    private final Path folder;

    Findings(Path folder) {
        this.folder = folder;
    }

    /** Keeps the input; what a person needs to know of it. */
    String keep(Violation violation, long seed) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(violation.input());
        String name = String.format(
                "%s-%s-%08x.bin", violation.target(), violation.kind().name().toLowerCase(Locale.ROOT), crc.getValue());
        Path file = Files.createDirectories(folder).resolve(name);
        Files.write(file, violation.input());
        return violation.kind() + " of " + violation.target() + ": "
                + violation.what().strip()
                + "\n  repeat: deploy/bench/fuzz/fuzz.sh " + violation.target() + " --repeat " + file
                + "\n  or, when it takes the inputs before it too, the same campaign with --seed " + seed;
    }
}
