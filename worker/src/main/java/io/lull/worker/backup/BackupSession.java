package io.lull.worker.backup;

import io.lull.worker.protocol.Bye;
import io.lull.worker.protocol.Digest;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameReader;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.ProtocolException;
import io.lull.worker.protocol.RefusalReason;
import io.lull.worker.protocol.Refused;
import io.lull.worker.protocol.Welcome;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, from the backup's side.
 *
 * <pre>
 *   AWAIT_HELLO --HELLO admitted--&gt; AWAIT_LAYOUT --LAYOUT--&gt; RECEIVING
 *        |                               |                      |
 *        +--refused, error, silence, BYE, end of stream---------+--&gt; CLOSED
 * </pre>
 *
 * <p>Its thread reads and checks everything before it keeps anything. A complete epoch is queued for the apply thread and
 * then acknowledged, so that it is applied whether or not the acknowledgement gets through.
 */
final class BackupSession {
    /** Where a session is. */
    enum State {
        AWAIT_HELLO,
        AWAIT_LAYOUT,
        RECEIVING,
        CLOSED
    }

    private static final Logger log = LoggerFactory.getLogger(BackupSession.class);
    /** The redo log of all epochs together: this many images, the disk once, and a floor for small ones. */
    private static final int REDO_IMAGES = 2;

    private static final long REDO_FLOOR_BYTES = 64L << 20;

    private final SessionParts parts;
    private final SocketChannel channel;
    private final String peer;
    private final Outbox outbox;
    private final Thread thread = new Thread(this::run, "lull-backup-session");
    private final SilenceWatch silence;
    private volatile State state = State.AWAIT_HELLO;
    private volatile @Nullable LossKind closedAs;
    private volatile String closedWhy = "";
    private volatile @Nullable Hello hello;
    private @Nullable EpochIntake intake;

    BackupSession(SessionParts parts, SocketChannel channel, String peer) {
        this.parts = parts;
        this.channel = channel;
        this.peer = peer;
        this.outbox = new Outbox(channel, parts.options().timing().heartbeatNanos());
        this.silence =
                new SilenceWatch(parts.options().timing(), parts.nanoClock().getAsLong());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    String peer() {
        return peer;
    }

    State state() {
        return state;
    }

    /** What the primary said; empty while this is just a connection, or one that was refused. */
    Optional<Hello> hello() {
        return Optional.ofNullable(hello);
    }

    /** Drops a peer that is too slow or silent; to be called now and then. */
    void checkSilence() {
        silence.fault(parts.nanoClock().getAsLong()).ifPresent(why -> close(LossKind.SILENCE, why));
    }

    /**
     * Ends the connection: its thread reads no further frame, finishes the one at hand and cleans up. It isn't
     * interrupted, since it may be handing over a complete epoch.
     */
    synchronized void close(LossKind kind, String why) {
        if (closedAs == null) {
            closedAs = kind;
            closedWhy = why;
        }
        try {
            channel.shutdownInput();
        } catch (IOException e) {
            log.debug("The connection of {} is closed already", peer);
        }
    }

    /** Waits until nothing of the session is left to do. */
    void join() throws InterruptedException {
        thread.join();
    }

    private void run() {
        LossKind kind = LossKind.END_OF_STREAM;
        String why = "primary closed the connection";
        try {
            FrameReader reader = new FrameReader(channel);
            Optional<Frame> frame = reader.next();
            while (frame.isPresent() && closedAs == null && handled(frame.get())) {
                frame = reader.next();
            }
        } catch (ProtocolException e) {
            kind = LossKind.PROTOCOL_ERROR;
            why = String.valueOf(e.getMessage());
            if (e.isVersionMismatch() && state == State.AWAIT_HELLO) {
                answerOtherVersion(why);
            }
        } catch (IOException e) {
            kind = LossKind.RESET;
            why = e.toString();
        } catch (InterruptedException e) {
            kind = LossKind.CLOSED_HERE;
            why = "interrupted";
        } catch (RuntimeException | Error e) {
            log.error("Bug in the session with {}; it is dropped", peer, e);
            kind = LossKind.CLOSED_HERE;
            why = "bug: " + e;
        }
        finish(kind, why);
    }

    private void finish(LossKind seen, String seenWhy) {
        close(seen, seenWhy);
        LossKind kind = closedAs == null ? seen : closedAs;
        transition(State.CLOSED, kind + ", " + closedWhy);
        if (hello != null && (kind == LossKind.PROTOCOL_ERROR || kind == LossKind.CLOSED_HERE)) {
            outbox.offer(Bye.saying(closedWhy).frame());
        }
        outbox.finish();
        if (intake != null) {
            intake.discard();
        }
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("Closing the connection of {} failed", peer, e);
        }
        parts.host().ended(this, kind, closedWhy);
    }

    /** Acts on one frame; false when it was the last. */
    private boolean handled(Frame frame) throws IOException, InterruptedException {
        silence.busy();
        if (frame.header().type() != FrameType.PAGES) {
            FrameReader.checkCrc(frame);
        }
        boolean goOn =
                switch (state) {
                    case AWAIT_HELLO -> greet(frame);
                    case AWAIT_LAYOUT -> early(frame);
                    case RECEIVING -> receive(frame);
                    case CLOSED -> false;
                };
        silence.listening(parts.nanoClock().getAsLong());
        return goOn;
    }

    private boolean greet(Frame frame) throws IOException, InterruptedException {
        if (frame.header().type() != FrameType.HELLO) {
            throw EpochIntake.outOfPlace(frame, state);
        }
        Hello received = Hello.decode(frame.payload());
        if (frame.header().epoch() != received.firstEpoch()) {
            throw new ProtocolException("HELLO frame: header and body name different epochs");
        }
        Optional<Refused> refused = parts.host().admit(this, received);
        if (refused.isPresent()) {
            Outbox.write(channel, refused.get().frame());
            close(LossKind.CLOSED_HERE, "refused: " + refused.get().reason());
            return false;
        }
        silence.greeted();
        hello = received;
        transition(State.AWAIT_LAYOUT, "HELLO of " + received.hostId() + ", session " + received.sessionId());
        outbox.start();
        Welcome welcome = new Welcome(parts.apply().call(parts.committer()::committedEpoch));
        return outbox.offer(welcome.frame());
    }

    private boolean early(Frame frame) throws IOException, InterruptedException {
        return switch (frame.header().type()) {
            case LAYOUT -> prepare(Layout.decode(frame.payload()));
            case HEARTBEAT -> true;
            case BYE -> bye(frame);
            case HELLO, WELCOME, REFUSED, HASHES, PAGES, DISK_WRITE, DISK_ZERO, EPOCH_END, ACK, DIGEST, VERIFIED ->
                throw EpochIntake.outOfPlace(frame, state);
        };
    }

    private boolean prepare(Layout layout) throws IOException, InterruptedException {
        long bytes = EpochIntake.checkedBytes(layout, parts.options().store().maxImageBytes());
        Hello known = hello().orElseThrow();
        parts.budget().limit(REDO_IMAGES * bytes + known.diskBytes() + REDO_FLOOR_BYTES);
        parts.apply().call(() -> {
            parts.committer().prepare(layout, known.hashSeed(), piece -> sendOrDrop(piece.frame(), true));
            return true;
        });
        RedoLog redo = new RedoLog(
                parts.slabs(), parts.budget(), parts.options().store().directory(), known.firstEpoch());
        intake = new EpochIntake(layout.totalPages(), known.diskBytes(), redo);
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
                parts.apply()
                        .put(() -> sendOrDrop(
                                parts.committer().verify(epoch, digest).frame(epoch), false));
            }
            case HEARTBEAT -> {}
            case BYE -> {
                return bye(frame);
            }
            case HELLO, WELCOME, REFUSED, LAYOUT, HASHES, ACK, VERIFIED -> throw EpochIntake.outOfPlace(frame, state);
        }
        return true;
    }

    private void epochEnd(Frame frame, EpochIntake records) throws IOException, InterruptedException {
        EpochLog complete = records.end(frame);
        boolean queued = false;
        try {
            if (parts.committer().broken().isPresent()) {
                throw new IOException(parts.committer().broken().get());
            }
            parts.apply().put(() -> parts.committer().commit(complete));
            queued = true;
        } finally {
            if (!queued) {
                parts.budget().give(complete.bytes());
                complete.close();
            }
        }
        sendOrDrop(Frame.control(FrameType.ACK, complete.epoch()), false);
    }

    /** Queues an answer; a peer that doesn't take its answers is dropped. */
    private void sendOrDrop(Frame frame, boolean wait) {
        try {
            long limitNanos = wait ? parts.options().timing().silenceLimitNanos() : 0;
            if (state != State.CLOSED && !outbox.offer(frame, limitNanos)) {
                close(LossKind.SILENCE, "primary doesn't read its answers");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean bye(Frame frame) throws ProtocolException {
        close(LossKind.BYE, Bye.decode(frame.payload()).why());
        return false;
    }

    private void answerOtherVersion(String why) {
        try {
            Outbox.write(channel, new Refused(RefusalReason.VERSION, why).frame());
        } catch (IOException gone) {
            log.debug("Peer {} of another version is gone", peer, gone);
        }
    }

    private void transition(State next, String reason) {
        log.info("Session with {} {} -> {}: {}", peer, state, next, reason);
        state = next;
    }
}
