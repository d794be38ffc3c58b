package io.lull.local;

import io.lull.worker.cli.LullCommand;

/** The command {@code lull} with everything: the workers' verbs and {@code demo}. */
public final class LullLocal {
    private LullLocal() {}

    public static void main(String[] args) {
        // Flink and Kafka leave non-daemon threads for a second or two; the verb's end is the end.
        System.exit(LullCommand.commandLine().addSubcommand(new DemoCommand()).execute(args));
    }
}
