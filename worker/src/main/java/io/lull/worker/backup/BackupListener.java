package io.lull.worker.backup;

import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.LossKind;

/** What a backup reports; calls come from its threads and must return soon. */
public interface BackupListener {
    /** A primary was accepted. */
    default void sessionOpened(Hello hello) {}

    /** The accepted primary is gone; what wasn't complete of its epochs is dropped. */
    default void sessionLost(LossKind kind, String why) {}

    /** What came of the end of a session: whether the backup takes over by itself, and why. */
    default void judged(FailoverRule.Verdict verdict) {}

    /** A connection was dropped or refused without ever being a session. */
    default void connectionDropped(String why) {}

    /** An epoch is in the image; {@code received} is what came of it. Called on the apply thread: the image holds still during the call. */
    default void committed(long epoch, Received received, CommittedImage image) {}

    /** The standby process changed its state. */
    default void standby(HotStandby.State state, String why) {}

    /** The takeover changed its state. */
    default void failover(Failover.State state, String why) {}
}
