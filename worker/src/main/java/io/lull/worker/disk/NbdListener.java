package io.lull.worker.disk;

/** Is told about the connections of an NBD server, on the server's thread. */
@FunctionalInterface
public interface NbdListener {
    /** A connection ended, orderly or not; the server waits for the next. */
    void onDisconnected(String reason);

    /** The sink takes no further write of its epoch; the client is dropped after this. */
    default void onEpochFull(String reason) {}
}
