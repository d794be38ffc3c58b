package io.lull.worker.backup;

import io.lull.worker.protocol.EpochEnd;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.LossKind;

/** What a backup reports; calls come from its threads and must return soon. */
public interface BackupListener {
    /** A primary was accepted. */
    default void sessionOpened(Hello hello) {}

    /** The accepted primary is gone; what wasn't complete of its epochs is dropped. */
    default void sessionLost(LossKind kind, String why) {}

    /** A connection was dropped or refused without ever being a session. */
    default void connectionDropped(String why) {}

    /** An epoch is in the image. Called on the apply thread: the image holds still during the call. */
    default void committed(long epoch, EpochEnd end, CommittedImage image) {}

    /** The standby process changed its state. */
    default void standby(HotStandby.State state, String why) {}

    /** The takeover changed its state. */
    default void failover(Failover.State state, String why) {}
}
