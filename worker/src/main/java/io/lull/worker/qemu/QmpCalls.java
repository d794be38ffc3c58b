package io.lull.worker.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.producer.qemu.QmpException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;

/** QMP over a client's connection, with every failure as an {@link IOException} that names the command. */
public final class QmpCalls implements Qmp {
    private final io.lull.producer.qemu.Qmp client;

    public QmpCalls(io.lull.producer.qemu.Qmp client) {
        this.client = client;
    }

    @Override
    public JsonNode execute(String command, Map<String, ?> arguments) throws IOException {
        try {
            return client.call(command, arguments);
        } catch (QmpException e) {
            throw new IOException("QEMU did not carry out " + command + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while QEMU carried out " + command);
        }
    }
}
