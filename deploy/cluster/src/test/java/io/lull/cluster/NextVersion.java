package io.lull.cluster;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;

/** The job's jar as its next version might be: with a field more in the state that it keeps of each VM. */
final class NextVersion {
    static final String NEW_FIELD = "addedByTheNextVersion";

    private static final String STATE = "io/lull/job/schedule/VmState";
    private static final Path SOURCE = Path.of("../../job/src/main/java", STATE + ".java");

    private NextVersion() {}

    static Path build(Path jar) throws IOException {
        Files.copy(JobJar.path(), jar, StandardCopyOption.REPLACE_EXISTING);
        Path work = Files.createTempDirectory(jar.getParent(), "next");
        String source = Files.readString(SOURCE, StandardCharsets.UTF_8);
        String next = source.replaceFirst(
                "public final class VmState \\{",
                "public final class VmState {\n    public long " + NEW_FIELD + " = 1;\n");
        if (next.equals(source)) {
            throw new IOException(SOURCE + " no longer declares VmState as this test expects it");
        }
        Path file = work.resolve("VmState.java");
        Files.writeString(file, next, StandardCharsets.UTF_8);
        compile(file, jar, work);
        try (FileSystem inside = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
            Path compiled = work.resolve(STATE + ".class");
            Files.copy(compiled, inside.getPath("/" + STATE + ".class"), StandardCopyOption.REPLACE_EXISTING);
        }
        return jar;
    }

    private static void compile(Path file, Path jar, Path to) throws IOException {
        List<String> arguments =
                List.of("--release", "17", "-proc:none", "-cp", jar.toString(), "-d", to.toString(), file.toString());
        int code = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        if (code != 0) {
            throw new IOException("javac ended with " + code + " on " + file);
        }
    }
}
