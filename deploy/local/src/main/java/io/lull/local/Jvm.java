package io.lull.local;

import io.lull.worker.cli.LullCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of further JVMs with this one's class path. */
public final class Jvm {
    private static final List<String> WORKER_FLAGS = List.of(
            "-Xms96m",
            "-Xmx256m",
            "-XX:MaxDirectMemorySize=1g",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError");
    private static final List<String> CLIENT_FLAGS =
            List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");

    /** As {@code deploy/lull demo} has them, for the same reasons. */
    private static final List<String> CONTROL_FLAGS =
            List.of("-Xmx1g", "-XX:+UseParallelGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");

    private Jvm() {}

    /** {@code lull} with these arguments; its libraries unpack what they need to {@code temporary}. */
    static List<String> lull(Path temporary, List<String> arguments) {
        List<String> flags = new ArrayList<>(WORKER_FLAGS);
        // A worker that is killed can't remove what its libraries have unpacked.
        flags.add("-Djava.io.tmpdir=" + temporary);
        List<String> mainAndArguments = new ArrayList<>(List.of(LullCommand.class.getName()));
        mainAndArguments.addAll(arguments);
        return java(flags, mainAndArguments);
    }

    /** A small client program: its main class and its arguments. */
    public static List<String> client(List<String> mainAndArguments) {
        return java(CLIENT_FLAGS, mainAndArguments);
    }

    /** A broker or a Flink cluster: its main class and its arguments. */
    public static List<String> control(List<String> mainAndArguments) {
        return java(CONTROL_FLAGS, mainAndArguments);
    }

    private static List<String> java(List<String> flags, List<String> mainAndArguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(mainAndArguments);
        return command;
    }
}
