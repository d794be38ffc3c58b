package io.lull.local;

import io.lull.lab.SimulateCommand;
import io.lull.worker.cli.LullCommand;

/** The command {@code lull} with everything: the workers' verbs, {@code demo} and {@code simulate}. */
public final class LullLocal {
    private LullLocal() {}

    public static void main(String[] args) {
        // Flink and Kafka leave non-daemon threads for a second or two; the verb's end is the end.
        System.exit(LullCommand.commandLine()
                .addSubcommand(new DemoCommand())
                .addSubcommand(new SimulateCommand())
                .execute(args));
    }
}
