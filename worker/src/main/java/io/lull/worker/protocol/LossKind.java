package io.lull.worker.protocol;

/** How a connection ended, as one side sees it. */
public enum LossKind {
    /** The stream ended without a BYE: the peer's process is gone. */
    END_OF_STREAM,
    /** The operating system reported an error on the connection. */
    RESET,
    /** Nothing arrived for longer than the silence limit. */
    SILENCE,
    /** The peer broke the protocol; it may well be alive. */
    PROTOCOL_ERROR,
    /** The peer said BYE. */
    BYE,
    /** This side closed it. */
    CLOSED_HERE;

    /** Whether the peer may be dead: what a failover needs at least. */
    public boolean suggestsDeath() {
        return this == END_OF_STREAM || this == RESET || this == SILENCE;
    }
}
