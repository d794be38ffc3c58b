package io.lull.worker.backup;

import io.lull.worker.protocol.Bye;
import io.lull.worker.protocol.Digest;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameReader;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.HandedOver;
import io.lull.worker.protocol.Handover;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.ProtocolException;
import io.lull.worker.protocol.Refused;
import io.lull.worker.protocol.Verified;
import io.lull.worker.protocol.Welcome;
import io.lull.worker.wire.PeerProof;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What the backup does with each frame of a connection.
 *
 * <pre>
 *   AWAIT_HELLO --HELLO admitted--&gt; AWAIT_LAYOUT --LAYOUT--&gt; RECEIVING --HANDOVER accepted--&gt; HANDING_OVER
 *        |                               |                      |                                 |
 *        +--refused, error, silence, BYE, end of stream---------+---------------------------------+--&gt; CLOSED
 * </pre>
 *
 * <p>Everything is checked before anything is kept. A complete epoch is sealed in its slot, so that it outlives this process,
 * queued for the apply thread, and then acknowledged: it is applied whether or not the acknowledgement gets through. For the session's thread, but for what tells how
 * it stands.
 */
final class Dialogue {
    /** Where a session is. */
    enum State {
        AWAIT_HELLO,
        AWAIT_LAYOUT,
        RECEIVING,
        /** The VM is about to run here: nothing is taken in or acknowledged any more. */
        HANDING_OVER,
        CLOSED
    }

    private static final Logger log = LoggerFactory.getLogger(Dialogue.class);
    /** The guest stands still for as long. */
    private static final long HANDOVER_WAIT_NANOS = 3_000_000_000L;

    private final SessionParts parts;
    private final BackupSession session;
    private volatile State state = State.AWAIT_HELLO;
    private volatile @Nullable Hello hello;
    private @Nullable EpochIntake intake;
    private @Nullable UUID image;
    private OptionalLong acknowledged = OptionalLong.empty();

    Dialogue(SessionParts parts, BackupSession session) {
        this.parts = parts;
        this.session = session;
    }

    State state() {
        return state;
    }

    /** What the primary said; empty while this is just a connection, or one that was refused. */
    Optional<Hello> hello() {
        return Optional.ofNullable(hello);
    }

    /**
     * Acts on one frame; false when it was the last.
     *
     * @throws ProtocolException when the peer is at fault
     * @throws IOException when this side is
     */
    boolean handled(Frame frame) throws IOException, InterruptedException {
        if (frame.header().type() != FrameType.PAGES) {
            FrameReader.checkCrc(frame);
        }
        return switch (state) {
            case AWAIT_HELLO -> greet(frame);
            case AWAIT_LAYOUT -> early(frame);
            case RECEIVING -> receive(frame);
            case HANDING_OVER -> whileHandingOver(frame);
            case CLOSED -> false;
        };
    }

    private boolean greet(Frame frame) throws IOException, InterruptedException {
        if (frame.header().type() != FrameType.HELLO) {
            throw EpochIntake.outOfPlace(frame, state);
        }
        Hello received = Hello.decode(frame.payload());
        if (frame.header().epoch() != received.firstEpoch()) {
            throw new ProtocolException("HELLO frame: header and body name different epochs");
        }
        checkProven(received.hostId());
        Optional<Refused> refused = parts.host().admit(session, received);
        if (refused.isPresent()) {
            session.write(refused.get().frame());
            session.ends(LossKind.CLOSED_HERE, "refused: " + refused.get().reason());
            return false;
        }
        hello = received;
        transition(State.AWAIT_LAYOUT, "HELLO of " + received.hostId() + ", session " + received.sessionId());
        session.greeted();
        session.answer(new Welcome(parts.apply().call(() -> parts.committer().greeted(received))).frame(), true);
        return true;
    }

    /** A host may speak for itself alone, and whoever says otherwise is told nothing. */
    private void checkProven(String hostId) throws ProtocolException {
        Optional<PeerProof> proof = session.proof();
        if (proof.isPresent() && !proof.get().names().hosts().contains(hostId)) {
            throw new ProtocolException("HELLO is of host " + hostId + ", the certificate of "
                    + proof.get().names());
        }
    }

    private boolean early(Frame frame) throws IOException, InterruptedException {
        return switch (frame.header().type()) {
            case LAYOUT -> prepare(Layout.decode(frame.payload()));
            case HEARTBEAT -> true;
            case BYE -> bye(frame);
            case HELLO,
                    WELCOME,
                    REFUSED,
                    HASHES,
                    PAGES,
                    DISK_WRITE,
                    DISK_ZERO,
                    EPOCH_END,
                    ACK,
                    DIGEST,
                    VERIFIED,
                    HANDOVER,
                    HANDED_OVER -> throw EpochIntake.outOfPlace(frame, state);
        };
    }

    private boolean prepare(Layout layout) throws IOException, InterruptedException {
        long bytes = EpochIntake.checkedBytes(layout, parts.options().store().maxImageBytes());
        Hello known = hello().orElseThrow();
        parts.budget().limit(RedoBudget.limitBytes(bytes, known.diskBytes()));
        image = parts.apply().call(() -> parts.committer()
                .prepare(layout, known.hashSeed(), piece -> session.answer(piece.frame(), true)));
        RedoLog redo = new RedoLog(parts.slots(), parts.budget(), known.firstEpoch());
        intake = new EpochIntake(
                layout.totalPages(), known.diskBytes(), redo, parts.turns().taker());
        transition(State.RECEIVING, layout.blocks().size() + " blocks, " + layout.totalPages() + " pages");
        return true;
    }

    private boolean receive(Frame frame) throws IOException, InterruptedException {
        EpochIntake records = intake;
        if (records == null) {
            throw new IllegalStateException("nothing to receive into in state " + state);
        }
        switch (frame.header().type()) {
            case PAGES -> records.pages(frame);
            case DISK_WRITE -> records.diskWrite(frame);
            case DISK_ZERO -> records.diskZero(frame);
            case EPOCH_END -> epochEnd(frame, records);
            case DIGEST -> {
                long epoch = frame.header().epoch();
                Digest digest = records.digest(frame);
                verify(epoch, digest);
            }
            case HEARTBEAT -> {}
            case BYE -> {
                return bye(frame);
            }
            case HANDOVER -> handOver(Handover.decode(frame));
            case HELLO, WELCOME, REFUSED, LAYOUT, HASHES, ACK, VERIFIED, HANDED_OVER ->
                throw EpochIntake.outOfPlace(frame, state);
        }
        return true;
    }

    private void verify(long epoch, Digest digest) throws InterruptedException {
        if (parts.apply().isBehind()) {
            session.answer(new Verified(Verified.Result.STALE, 0, 0).frame(epoch), false);
            return;
        }
        parts.apply()
                .put(() ->
                        session.answer(parts.committer().verify(epoch, digest).frame(epoch), false));
    }

    private void epochEnd(Frame frame, EpochIntake records) throws IOException, InterruptedException {
        EpochLog complete = records.end(frame);
        boolean queued = false;
        try {
            parts.committer().requireWhole();
            parts.slots()
                    .promise(
                            complete,
                            Objects.requireNonNull(image),
                            hello().orElseThrow().sessionId());
            new EpochTurn(parts).queue(complete, acknowledged.isEmpty());
            queued = true;
        } finally {
            if (!queued) {
                parts.budget().give(complete.bytes());
                parts.slots().withdraw(complete);
            }
        }
        acknowledged = OptionalLong.of(complete.epoch());
        session.answer(Frame.control(FrameType.ACK, complete.epoch()), false);
    }

    /** What was acknowledged is applied first: the image is judged then. And the state changes before anything else does. */
    private void handOver(Handover handover) throws IOException, InterruptedException {
        if (acknowledged.isEmpty() || acknowledged.getAsLong() != handover.epoch()) {
            throw new ProtocolException("HANDOVER frame: it names epoch " + handover.epoch() + ", the last that was"
                    + " acknowledged in this session is " + acknowledged);
        }
        transition(State.HANDING_OVER, "epoch " + handover.epoch() + ": " + handover.why());
        Optional<String> refused = takenOver(handover);
        if (refused.isPresent()) {
            transition(State.RECEIVING, "not handed over: " + refused.get());
            session.answer(
                    HandedOver.saying(handover.epoch(), HandedOver.Result.REFUSED, refused.get())
                            .frame(),
                    true);
        }
    }

    private Optional<String> takenOver(Handover handover) throws IOException, InterruptedException {
        if (!parts.apply().awaitFew(HANDOVER_WAIT_NANOS)) {
            return Optional.of("what the disk's first copy brought is still being written there; ask again after that");
        }
        parts.apply().call(() -> true);
        return parts.host().takeOver(session, handover);
    }

    /** A digest of the epoch that is handed over is made beside the handover, and may come after it; it is void then. */
    private boolean whileHandingOver(Frame frame) throws ProtocolException {
        FrameType type = frame.header().type();
        if (type != FrameType.HEARTBEAT && type != FrameType.DIGEST) {
            throw EpochIntake.outOfPlace(frame, state);
        }
        return true;
    }

    /** What was acknowledged is applied first, so that it doesn't pass for news of a primary that took leave. */
    private boolean bye(Frame frame) throws IOException, InterruptedException {
        String why = Bye.decode(frame.payload()).why();
        parts.apply().call(() -> {
            // Of an image that is torn it can't be confirmed: what redoes the rest must not hear of a leave that came
            // before.
            parts.committer().requireWhole();
            return true;
        });
        if (session.ends(LossKind.BYE, why)) {
            parts.apply().call(() -> {
                parts.committer().tookLeave(why);
                return true;
            });
        }
        return false;
    }

    /** Nothing more is said; epochs that aren't complete are dropped. */
    void close(String reason) {
        transition(State.CLOSED, reason);
        if (intake != null) {
            intake.close();
        }
    }

    private void transition(State next, String reason) {
        // What a stranger's connection comes to is in its own log, which has a limit.
        boolean stranger = state == State.AWAIT_HELLO && next == State.CLOSED;
        log.atLevel(stranger ? Level.DEBUG : Level.INFO)
                .log("Session with {} {} -> {}: {}", session.peer(), state, next, reason);
        state = next;
    }
}
