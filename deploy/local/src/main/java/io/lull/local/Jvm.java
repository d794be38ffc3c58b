package io.lull.local;

import io.lull.worker.cli.LullCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of further JVMs with this one's class path. */
final class Jvm {
    private static final List<String> WORKER_FLAGS = List.of(
            "-Xms96m", "-Xmx256m", "-XX:MaxDirectMemorySize=1g", "-XX:+UseSerialGC", "-XX:-UsePerfData");
    private static final List<String> CLIENT_FLAGS =
            List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");

    private Jvm() {}

    /** {@code lull} with these arguments. */
    static List<String> lull(List<String> arguments) {
        return java(WORKER_FLAGS, LullCommand.class, arguments);
    }

    /** A small client program. */
    static List<String> client(Class<?> main, List<String> arguments) {
        return java(CLIENT_FLAGS, main, arguments);
    }

    private static List<String> java(List<String> flags, Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return command;
    }
}
