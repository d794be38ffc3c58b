package io.lull.worker.cli;

import io.lull.worker.config.ConfigLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lull reference}: prints the commented reference of a configuration. */
@Command(name = "reference", description = "Prints all configuration keys with their defaults.")
final class ReferenceCommand implements Callable<Integer> {
    /** Whose configuration. */
    enum Role {
        primary,
        backup
    }

    @Parameters(arity = "1", description = "primary or backup")
    private Role role = Role.primary;

    @Override
    public Integer call() {
        System.out.print(ConfigLoader.referenceText(role.name() + ".yaml"));
        return 0;
    }
}
