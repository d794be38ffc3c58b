package io.lull.worker.disk;

/** Is told about the connections of an NBD server, on the server's thread. */
@FunctionalInterface
public interface NbdListener {
    /** A connection ended, orderly or not; the server waits for the next. */
    void onDisconnected(String reason);
}
