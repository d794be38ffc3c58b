package io.lull.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of a stack: where the logs and the sockets of its parts lie. */
final class StackFolder {
    private final LocalOptions options;

    StackFolder(LocalOptions options) {
        this.options = options;
    }

    /** Makes it where it isn't. */
    void make() throws IOException {
        Files.createDirectories(temporary());
    }

    /** A folder of one part, made where it isn't. */
    Path folder(String name) throws IOException {
        return Files.createDirectories(options.folder().resolve(name));
    }

    /** What workers use as their folder for temporary files. */
    Path temporary() {
        return options.folder().resolve("tmp");
    }

    /** What a process prints. */
    Path log(String name) {
        return options.folder().resolve(name + ".log");
    }

    /** What is in a file, which may not be there yet. */
    static String text(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
    }
}
