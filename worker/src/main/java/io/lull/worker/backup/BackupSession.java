package io.lull.worker.backup;

import io.lull.worker.limit.PartedWait;
import io.lull.worker.protocol.Bye;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.HandedOver;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.ProtocolException;
import io.lull.worker.protocol.RefusalReason;
import io.lull.worker.protocol.Refused;
import io.lull.worker.wire.PeerProof;
import io.lull.worker.wire.TruncatedException;
import io.lull.worker.wire.Wire;
import io.lull.worker.wire.WireState;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, from the backup's side: its thread, its answers, and how it ends. What is said on it is the
 * {@link Dialogue}'s.
 *
 * <p>How it ends is told apart with care, since a takeover may hang on it: what the peer's silence or the end of the
 * connection means is one thing, a fault of this side's (a full disk, a bug) is another, and never a sign of the primary's
 * death.
 */
final class BackupSession {
    private static final Logger log = LoggerFactory.getLogger(BackupSession.class);
    /** How many silence limits a large answer waits for room, over a slow link. */
    private static final int LARGE_ANSWER_SILENCES = 4;

    private final SessionParts parts;
    private final Wire wire;
    private final SessionWire connection;
    private final String peer;
    private final Outbox outbox;
    private final Dialogue dialogue;
    private final Thread thread = new Thread(this::run, "lull-backup-session");
    private final SilenceWatch silence;
    private final StandstillGoodbye standstill;
    private @Nullable Ending ending;

    /** How a connection ended, and why. */
    private record Ending(LossKind kind, String why) {}

    BackupSession(SessionParts parts, Wire wire, String peer) {
        this.parts = parts;
        this.wire = wire;
        this.peer = peer;
        this.outbox =
                new Outbox(wire, parts.options().timing().heartbeatNanos(), why -> close(LossKind.CLOSED_HERE, why));
        this.silence =
                new SilenceWatch(parts.options().timing(), parts.nanoClock().getAsLong());
        this.connection =
                new SessionWire(wire, () -> silence.heard(parts.nanoClock().getAsLong()));
        this.standstill = new StandstillGoodbye(parts, this);
        this.dialogue = new Dialogue(parts, this);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    String peer() {
        return peer;
    }

    /** What the peer has proven to be; empty where nothing is proven. */
    Optional<PeerProof> proof() {
        return wire.proof();
    }

    /** Whether this is just a connection: its peer has neither proven nor said who it is. */
    boolean isStranger() {
        return wire.proof().isEmpty() && hello().isEmpty();
    }

    WireState wire() {
        return wire.state();
    }

    Dialogue.State state() {
        return dialogue.state();
    }

    /** What the primary said; empty while this is just a connection, or one that was refused. */
    Optional<Hello> hello() {
        return dialogue.hello();
    }

    /** Drops a peer that is too slow or silent, and lets one go for which this side does nothing any more; to be called now and then. */
    void check() {
        long nowNanos = parts.nanoClock().getAsLong();
        silence.fault(nowNanos).ifPresent(why -> close(LossKind.SILENCE, why));
        // What comes before may take long without a step: the hashes of the whole image.
        OptionalLong busySince = state() == Dialogue.State.RECEIVING ? silence.busySince() : OptionalLong.empty();
        standstill.look(busySince, nowNanos);
    }

    /** Queues a goodbye, whatever this session's own thread does; whether there was room. */
    boolean sayBye(String why) {
        return outbox.offer(Bye.saying(why).frame());
    }

    /** Notes how the connection ends; false when that was settled before. */
    synchronized boolean ends(LossKind kind, String why) {
        if (ending != null) {
            return false;
        }
        ending = new Ending(kind, why);
        return true;
    }

    private synchronized Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    /**
     * Ends the connection: its thread reads no further frame, finishes the one at hand and cleans up. It isn't
     * interrupted, since it may be handing over a complete epoch.
     */
    void close(LossKind kind, String why) {
        ends(kind, why);
        try {
            wire.endInput();
        } catch (IOException e) {
            log.debug("The connection of {} is closed already", peer);
        }
    }

    /** Waits until nothing of the session is left to do. */
    void join() throws InterruptedException {
        thread.join();
    }

    /** The peer is this backup's primary from now on, and gets answers and heartbeats. */
    void greeted() {
        silence.greeted();
        outbox.start();
    }

    /** Writes a frame at once, to a peer that isn't greeted. */
    void write(Frame frame) throws IOException {
        connection.write(frame);
    }

    /**
     * Queues an answer; a peer that doesn't take its answers is dropped.
     *
     * @param wait whether to wait for room, as large ones do; what may wait is dropped once the session is ending
     */
    void answer(Frame frame, boolean wait) {
        try {
            boolean taken = state() == Dialogue.State.CLOSED || (wait ? isTakenInTime(frame) : outbox.offer(frame));
            if (!taken) {
                close(LossKind.SILENCE, "primary doesn't read its answers");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isTakenInTime(Frame frame) throws InterruptedException {
        long limitNanos = LARGE_ANSWER_SILENCES * parts.options().timing().silenceLimitNanos();
        return PartedWait.until(limitNanos, nanos -> ending().isPresent() || outbox.offer(frame, nanos));
    }

    /** Tells the primary what came of its HANDOVER, though the session may be ending meanwhile, and ends it. */
    void handedOver(HandedOver answer) {
        answer(answer.frame(), false);
        close(LossKind.CLOSED_HERE, "handed over: " + answer.result() + ", " + answer.text());
    }

    private void run() {
        Ending seen = serve();
        standstill.ended();
        ends(seen.kind(), seen.why());
        Ending as = ending().orElseThrow();
        try {
            dropOpenEpochs(as);
            finish(as);
        } catch (RuntimeException | Error e) {
            log.error("Bug at the end of the session with {}", peer, e);
        } finally {
            parts.host().closed(this);
        }
    }

    /** Whatever comes of it, the session ends: nobody could be admitted as long as it didn't. */
    private void dropOpenEpochs(Ending as) {
        try {
            dialogue.close(as.kind() + ", " + as.why());
        } catch (RuntimeException | Error e) {
            log.error("Bug while the open epochs of {} were dropped", peer, e);
        }
    }

    private Ending serve() {
        try {
            connection.prove();
            Optional<Frame> frame = connection.next();
            while (frame.isPresent() && ending().isEmpty() && handled(frame.get())) {
                frame = connection.next();
            }
            return new Ending(LossKind.END_OF_STREAM, "primary closed the connection");
        } catch (ProtocolException e) {
            String why = String.valueOf(e.getMessage());
            if (e.isVersionMismatch() && state() == Dialogue.State.AWAIT_HELLO) {
                answerOtherVersion(why);
            }
            return new Ending(LossKind.PROTOCOL_ERROR, why);
        } catch (SessionWire.ConnectionLost e) {
            LossKind kind = e.getCause() instanceof TruncatedException ? LossKind.END_OF_STREAM : LossKind.RESET;
            return new Ending(kind, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            log.error("This backup can't go on with {}", peer, e);
            return new Ending(LossKind.CLOSED_HERE, "the backup's own fault: " + e);
        } catch (InterruptedException e) {
            return new Ending(LossKind.CLOSED_HERE, "interrupted");
        } catch (RuntimeException | Error e) {
            log.error("Bug in the session with {}; it is dropped", peer, e);
            return new Ending(LossKind.CLOSED_HERE, "bug: " + e);
        }
    }

    private boolean handled(Frame frame) throws IOException, InterruptedException {
        silence.busy();
        boolean goOn = dialogue.handled(frame);
        silence.listening(parts.nanoClock().getAsLong());
        return goOn;
    }

    private void finish(Ending as) {
        boolean greeted = hello().isPresent();
        if (greeted && (as.kind() == LossKind.PROTOCOL_ERROR || as.kind() == LossKind.CLOSED_HERE)) {
            outbox.offer(Bye.saying(as.why()).frame());
        }
        outbox.finish();
        HangUp hangUp = new HangUp(wire, peer, parts.options().timing().silenceLimitNanos());
        if (as.kind() == LossKind.BYE) {
            parts.host().ended(this, as.kind(), as.why());
            hangUp.answeringBye();
            return;
        }
        if (greeted && as.kind() == LossKind.SILENCE) {
            hangUp.byReset();
        } else {
            hangUp.silently();
        }
        parts.host().ended(this, as.kind(), as.why());
    }

    private void answerOtherVersion(String why) {
        try {
            write(Refused.saying(RefusalReason.VERSION, why).frame());
        } catch (IOException gone) {
            log.debug("Peer {} of another version is gone", peer, gone);
        }
    }
}
