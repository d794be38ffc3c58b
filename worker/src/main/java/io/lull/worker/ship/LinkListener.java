package io.lull.worker.ship;

import io.lull.worker.protocol.HandedOver;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.Verified;

/** What a link reports. Calls come from its threads and must return soon. */
public interface LinkListener {
    /** HELLO is about to be sent: from now on the backup may know of this session, whatever is heard of it. */
    default void greets() {}

    /** The backup has refused the session, and knows of none. */
    default void refused() {}

    /** The backup holds the whole epoch: its output may leave. Epochs ascend. */
    void onAck(long epoch);

    /** The answer to a DIGEST. */
    void onVerified(long epoch, Verified verified);

    /** The answer to a HANDOVER; one that nobody waits for is passed over. */
    default void onHandedOver(HandedOver answer) {}

    /** The link is lost or closed; called exactly once. An ACK that raced with it may come later and is true. */
    void onLost(LossKind kind, String why);
}
