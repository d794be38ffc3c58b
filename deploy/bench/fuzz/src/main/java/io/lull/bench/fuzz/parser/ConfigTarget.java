package io.lull.bench.fuzz.parser;

import io.lull.worker.config.ConfigException;
import io.lull.worker.config.ConfigLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The workers' configuration files. The first byte of an input chooses whose. */
final class ConfigTarget implements Target {
    /** The reference file is read, parsed and laid under each. */
    private static final Bounds BOUNDS = new Bounds(8 << 20, 4000);

    private static final String PRIMARY = """
            vm: db
            host: a
            runDir: /run/lull
            fence: none
            qemu:
              qmp: /run/qmp.sock
            tls:
              certificate: /etc/lull/cert.pem
              key: /etc/lull/key.pem
              authority: /etc/lull/authority.pem
            """;
    private static final String BACKUP = """
            vm: db
            host: b
            runDir: /run/lull
            fence: none
            image:
              directory: /dev/shm/db
            standby:
              command: [qemu, -qmp, "unix:{qmp}", -incoming, "unix:{incoming}"]
            tls:
              certificate: /etc/lull/cert.pem
              key: /etc/lull/key.pem
              authority: /etc/lull/authority.pem
            """;

    private final Path file;

    ConfigTarget(Path folder) {
        this.file = folder.resolve("fuzzed.yaml");
    }

    @Override
    public List<Conversation> corpus() {
        return List.of(
                lines(0, PRIMARY),
                lines(1, BACKUP),
                lines(0, reference("primary.yaml")),
                lines(1, reference("backup.yaml").replace("[]", "[qemu, \"{qmp}\", \"{incoming}\"]")));
    }

    /** The reference, with something where it has nothing, and without its comments, which would take most mutations. */
    private static String reference(String name) {
        StringBuilder bare = new StringBuilder();
        ConfigLoader.referenceText(name)
                .lines()
                .filter(line -> !line.isBlank() && !line.strip().startsWith("#"))
                .forEach(line -> bare.append(line.replaceAll("\\s+#.*", "")).append('\n'));
        return bare.toString().replace(": \"\"", ": \"x\"");
    }

    private static Conversation lines(int reader, String text) {
        List<byte[]> messages = new ArrayList<>();
        messages.add(new byte[] {(byte) reader});
        text.lines().map(line -> (line + "\n").getBytes(StandardCharsets.UTF_8)).forEach(messages::add);
        return new Conversation(messages);
    }

    @Override
    public void run(byte[] input) throws Exception {
        Files.write(file, input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length));
        if (input.length == 0 || input[0] % 2 == 0) {
            ConfigLoader.primary(file);
        } else {
            ConfigLoader.backup(file);
        }
    }

    @Override
    public boolean refuses(Throwable thrown) {
        return thrown instanceof ConfigException;
    }

    @Override
    public Bounds bounds() {
        return BOUNDS;
    }

    @Override
    public void checkUnharmed() throws IOException {
        // A loader has no state; the corpus has shown that it takes what is valid.
    }
}
