package io.lull.worker.config;

import io.lull.policy.VmId;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Parses and judges {@code host:port} addresses. */
public final class Endpoint {
    private static final int MAX_PORT = 65_535;
    /** What a unix socket's path may have, its end included, less the longest name of a socket of ours. */
    private static final int MAX_RUN_DIR_BYTES = 107 - "/gate1-mirror.sock".length();

    private Endpoint() {}

    /** The name of a VM: required and valid. */
    static void vm(String value) {
        required("vm", value);
        try {
            new VmId(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'vm': " + e.getMessage(), e);
        }
    }

    /** A folder for sockets. */
    static void runDir(Path value) {
        required("runDir", value.toString());
        int bytes = value.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_RUN_DIR_BYTES) {
            throw new IllegalArgumentException("'runDir' has " + bytes
                    + " bytes, but unix sockets are to lie in it: at most " + MAX_RUN_DIR_BYTES);
        }
    }

    /**
     * The address.
     *
     * @param key names it in what is said of a wrong one
     * @throws IllegalArgumentException when it is none, in one line that says why
     */
    public static InetSocketAddress parse(String key, String value) {
        int colon = value.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("'" + key + "' must be host:port, is '" + value + "'");
        }
        int port;
        try {
            port = Integer.parseInt(value.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + key + "' must end in a port number, is '" + value + "'", e);
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException(
                    "'" + key + "' must end in a port up to " + MAX_PORT + ", is '" + value + "'");
        }
        InetSocketAddress address = new InetSocketAddress(value.substring(0, colon), port);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("'" + key + "': the host of '" + value + "' has no address");
        }
        return address;
    }

    static void required(String key, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("'" + key + "' must be given");
        }
    }
}
