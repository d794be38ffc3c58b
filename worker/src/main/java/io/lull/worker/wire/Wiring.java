package io.lull.worker.wire;

import java.nio.channels.SocketChannel;

/** Makes wires of sockets: decides how a connection is protected, and who may be at its other end. */
@FunctionalInterface
public interface Wiring {
    /** Nothing is secret, nobody is proven to be anyone: for a network that nobody else can reach, and for tests. */
    Wiring UNSAFE_PLAINTEXT = PlainWire::new;

    /** A wire over a blocking socket, which need not be connected yet. */
    Wire over(SocketChannel socket);
}
