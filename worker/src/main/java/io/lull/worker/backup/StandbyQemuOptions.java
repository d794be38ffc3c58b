package io.lull.worker.backup;

import io.lull.policy.Checks;
import java.nio.file.Path;
import java.util.List;

/**
 * How to start a standby QEMU.
 *
 * @param command program and arguments: the primary's machine, with {@value #INCOMING} where the path of the incoming
 *     socket goes ({@code -incoming unix:{incoming}}) and {@value #QMP} where that of the monitor goes
 *     ({@code -qmp unix:{qmp},server=on,wait=off})
 * @param directory where sockets and logs go; short, since a socket's path has at most 107 bytes
 * @param startLimitNanos how long it may take to listen
 */
public record StandbyQemuOptions(List<String> command, Path directory, long startLimitNanos) {
    public static final String INCOMING = "{incoming}";
    public static final String QMP = "{qmp}";
    /** What the names of its files begin with; a number follows. */
    static final String NAME = "standby-";

    private static final int MAX_SOCKET_PATH_BYTES = 107;
    private static final int FILE_NAME_BYTES = 24;

    public StandbyQemuOptions {
        command = List.copyOf(command);
        Checks.positive("startLimitNanos", startLimitNanos);
        for (String placeholder : List.of(INCOMING, QMP)) {
            if (command.stream().noneMatch(word -> word.contains(placeholder))) {
                throw new IllegalArgumentException("the standby's command line " + command + " lacks " + placeholder);
            }
        }
        if (directory.toAbsolutePath().toString().length() + FILE_NAME_BYTES > MAX_SOCKET_PATH_BYTES) {
            throw new IllegalArgumentException("directory " + directory + " is too long for a socket's path");
        }
    }
}
