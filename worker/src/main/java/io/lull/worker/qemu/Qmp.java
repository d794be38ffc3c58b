package io.lull.worker.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;

/** A connection on which one QEMU carries out QMP commands, one at a time. */
@FunctionalInterface
public interface Qmp {
    /**
     * Sends a command and waits for its answer.
     *
     * @return what QEMU returned
     * @throws IOException when QEMU refuses the command, or the connection is lost
     */
    JsonNode execute(String command, Map<String, ?> arguments) throws IOException;
}
