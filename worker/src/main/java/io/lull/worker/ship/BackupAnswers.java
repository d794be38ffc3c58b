package io.lull.worker.ship;

import io.lull.worker.protocol.Bye;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.HandedOver;
import io.lull.worker.protocol.Hashes;
import io.lull.worker.protocol.ProtocolException;
import io.lull.worker.protocol.Verified;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a backup says once it has accepted a primary: acknowledgements in order, results of verification, the hashes of its
 * image, and its goodbye. The link's reader thread hands over the frames.
 */
final class BackupAnswers {
    private final LinkListener listener;
    private final BooleanSupplier lost;
    private long lastAck = -1;
    private volatile @Nullable HashCollector collector;

    /**
     * Answers for a listener.
     *
     * @param lost whether the link has been given up: acknowledgements that come then are passed over
     */
    BackupAnswers(LinkListener listener, BooleanSupplier lost) {
        this.listener = listener;
        this.lost = lost;
    }

    /** Collects the hashes that come from now on; once in a session, from any thread. */
    void collect(HashCollector into) {
        if (collector != null) {
            throw new IllegalStateException("the layout is sent once in a session");
        }
        collector = into;
    }

    /** The link is lost: whoever waits for hashes is told. */
    void fail(String why) {
        HashCollector current = collector;
        if (current != null) {
            current.fail(why);
        }
    }

    /**
     * Acts on one frame.
     *
     * @return why the backup took leave, when it did: nothing comes after that
     */
    Optional<String> take(Frame frame) throws ProtocolException {
        long epoch = frame.header().epoch();
        switch (frame.header().type()) {
            case ACK -> acknowledged(epoch);
            case VERIFIED -> listener.onVerified(epoch, Verified.decode(frame.payload()));
            case HASHES -> hashes(Hashes.decode(frame.payload()));
            case HEARTBEAT -> {}
            case BYE -> {
                return Optional.of(Bye.decode(frame.payload()).why());
            }
            case HANDED_OVER -> listener.onHandedOver(HandedOver.decode(frame));
            case HELLO, WELCOME, REFUSED, LAYOUT, PAGES, DISK_WRITE, DISK_ZERO, EPOCH_END, DIGEST, HANDOVER ->
                throw new ProtocolException("backup sends " + frame.header().type());
        }
        return Optional.empty();
    }

    private void acknowledged(long epoch) throws ProtocolException {
        if (epoch <= lastAck) {
            throw new ProtocolException("ACK of epoch " + epoch + " after that of " + lastAck);
        }
        lastAck = epoch;
        if (!lost.getAsBoolean()) {
            listener.onAck(epoch);
        }
    }

    private void hashes(Hashes piece) throws ProtocolException {
        HashCollector current = collector;
        if (current == null) {
            throw new ProtocolException("HASHES before LAYOUT");
        }
        current.add(piece);
    }
}
