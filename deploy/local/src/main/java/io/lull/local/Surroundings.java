package io.lull.local;

import io.lull.local.kafka.ControlAccess;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a stack does not bring up by itself.
 *
 * @param control a control plane that is there already and stays when the stack is closed; empty for one in this JVM
 * @param launcher how its workers are started
 * @param guest a guest to go on from instead of booting one
 * @param diskFolder where the primary's disk file is to lie; empty for the stack's own folder
 * @param onFull what QEMU does when that has no room
 */
public record Surroundings(
        Optional<ControlAccess> control,
        Launcher launcher,
        Optional<WarmGuest> guest,
        Optional<Path> diskFolder,
        GuestSpec.OnFull onFull) {
    /** None: all is the stack's own. */
    public static final Surroundings NONE = own(Optional.empty());

    /** With this control plane. */
    public static Surroundings of(ControlAccess control) {
        return own(Optional.of(control));
    }

    private static Surroundings own(Optional<ControlAccess> control) {
        return new Surroundings(control, Launcher.PLAIN, Optional.empty(), Optional.empty(), GuestSpec.OnFull.TELL);
    }

    /** Makes of a worker's command the one that is run. */
    @FunctionalInterface
    public interface Launcher {
        /** The command itself. */
        Launcher PLAIN = (run, command) -> command;

        /** @param run what the worker is called here: {@code primary}, for one */
        List<String> command(String run, List<String> command);
    }
}
