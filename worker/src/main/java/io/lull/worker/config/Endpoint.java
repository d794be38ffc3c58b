package io.lull.worker.config;

import java.net.InetSocketAddress;

/** Parses and judges {@code host:port} addresses. */
final class Endpoint {
    private Endpoint() {}

    /** The address; refused when it is outside loopback and {@code unsafePlaintext} does not allow that. */
    static InetSocketAddress parse(String key, String value, boolean unsafePlaintext) {
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
        InetSocketAddress address = new InetSocketAddress(value.substring(0, colon), port);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("'" + key + "': the host of '" + value + "' has no address");
        }
        if (!address.getAddress().isLoopbackAddress() && !unsafePlaintext) {
            throw new IllegalArgumentException("'" + key + "' " + value + " is not loopback and the stream is not"
                    + " encrypted in this version: set unsafePlaintext: true to accept that");
        }
        return address;
    }

    static void required(String key, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("'" + key + "' must be given");
        }
    }
}
