package io.lull.worker.wire;

import io.lull.worker.protocol.ProtocolException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A wire whose bytes go through the JDK's TLS engine.
 *
 * <p>All buffers are made once. They lie on the heap, since the JDK's AES-GCM works on arrays: it seals in place in the
 * buffer that it writes to and opens in place in the one that it reads from, and what is off the heap it would first copy
 * to arrays made for the record. Plaintext may lie anywhere: it is copied by the engine in any case. The socket copies
 * through a buffer of its own, once for many records. What is allocated for each record is the engine's.
 *
 * <p>The engine sees one reader and one writer at a time, and does no input or output of its own. The reader never writes:
 * what the protocol has to answer to the peer, to a KeyUpdate, goes out before the writer's next bytes, which at the
 * latest are a heartbeat.
 */
final class TlsWire extends Wire {
    /** Sealed bytes of one write or read: 14 full records and some. Longer than any record that the engine accepts. */
    static final int SEALED_BYTES = 1 << 18;
    /** Holds what one record opens to, however large the engine allows it to be. */
    static final int OPENED_BYTES = 1 << 16;

    private static final Logger log = LoggerFactory.getLogger(TlsWire.class);
    private static final ByteBuffer[] NOTHING = {ByteBuffer.allocate(0)};

    private final SSLEngine engine;
    private final PeerRule rule;
    private final ReentrantLock writing = new ReentrantLock();
    private final ByteBuffer toSend = ByteBuffer.allocate(SEALED_BYTES);
    /** From position to limit: received and not yet opened. */
    private final ByteBuffer received = ByteBuffer.allocate(SEALED_BYTES).flip();
    /** From position to limit: opened and not yet taken, because whoever read had less room than a record needs. */
    private final ByteBuffer opened = ByteBuffer.allocate(OPENED_BYTES).flip();

    private boolean peerEnded;
    private volatile Optional<PeerProof> proof = Optional.empty();

    TlsWire(SocketChannel socket, SSLEngine engine, PeerRule rule) {
        super(socket);
        this.engine = engine;
        this.rule = rule;
    }

    @Override
    public Optional<PeerProof> proof() {
        return proof;
    }

    @Override
    public void handshake() throws IOException {
        try {
            engine.beginHandshake();
            HandshakeStatus status = engine.getHandshakeStatus();
            while (status != HandshakeStatus.FINISHED && status != HandshakeStatus.NOT_HANDSHAKING) {
                status = step(status);
            }
        } catch (SSLException e) {
            sendAlert();
            throw TlsFault.of(e);
        }
        PeerProof shown = PeerProof.of(engine.getSession());
        Optional<String> fault = rule.fault(shown);
        if (fault.isPresent()) {
            throw new ProtocolException("TLS: " + fault.get());
        }
        proof = Optional.of(shown);
    }

    private HandshakeStatus step(HandshakeStatus status) throws IOException {
        return switch (status) {
            case NEED_TASK -> {
                runTasks();
                yield engine.getHandshakeStatus();
            }
            case NEED_WRAP -> {
                toSend.clear();
                SSLEngineResult result = engine.wrap(NOTHING, toSend);
                flush();
                yield checked(result).getHandshakeStatus();
            }
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                SSLEngineResult result = open(opened.clear());
                opened.flip();
                if (result.getStatus() == Status.BUFFER_UNDERFLOW && !receive()) {
                    throw new EOFException("the connection ended during the TLS handshake; does the peer speak TLS?");
                }
                yield checked(result).getHandshakeStatus();
            }
            case FINISHED, NOT_HANDSHAKING -> status;
        };
    }

    private static SSLEngineResult checked(SSLEngineResult result) throws IOException {
        if (result.getStatus() == Status.CLOSED) {
            throw new EOFException("the peer ended the TLS handshake");
        }
        return result;
    }

    private SSLEngineResult open(ByteBuffer into) throws SSLException {
        return engine.unwrap(received, into);
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /** Fetches more sealed bytes; false at the end of the connection. */
    private boolean receive() throws IOException {
        received.compact();
        try {
            return socket().read(received) >= 0;
        } finally {
            received.flip();
        }
    }

    /** Tells the peer why the handshake failed, as far as it takes that now. */
    private void sendAlert() {
        try {
            toSend.clear();
            engine.wrap(NOTHING, toSend);
            flush();
        } catch (IOException e) {
            log.debug("A peer was not told why its handshake failed", e);
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int taken = takeOpened(into);
        try {
            while (into.hasRemaining() && !peerEnded) {
                SSLEngineResult result = open(into);
                if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                    result = open(opened.clear());
                    opened.flip();
                    taken += takeOpened(into);
                } else {
                    taken += result.bytesProduced();
                }
                if (!goOn(result, taken)) {
                    break;
                }
            }
        } catch (SSLException e) {
            throw TlsFault.of(e);
        }
        return taken == 0 && peerEnded ? -1 : taken;
    }

    private int takeOpened(ByteBuffer into) {
        int length = Math.min(opened.remaining(), into.remaining());
        into.put(into.position(), opened, opened.position(), length);
        into.position(into.position() + length);
        opened.position(opened.position() + length);
        return length;
    }

    /** Whether there may be more to read now, after it was waited for if there is nothing yet. */
    private boolean goOn(SSLEngineResult result, int taken) throws IOException {
        switch (result.getStatus()) {
            case OK -> {
                checkProgress(result);
                return true;
            }
            case BUFFER_UNDERFLOW -> {
                if (taken > 0) {
                    return false;
                }
                if (!receive()) {
                    throw new TruncatedException();
                }
                return true;
            }
            case CLOSED -> {
                // Nothing was consumed: this side's writer gave the engine up, and the peer has said nothing.
                if (result.bytesConsumed() == 0) {
                    throw new ClosedChannelException();
                }
                peerEnded = true;
                return false;
            }
            case BUFFER_OVERFLOW ->
                throw new ProtocolException("TLS: a record is larger than " + OPENED_BYTES + " bytes");
        }
        throw new IllegalStateException("unknown status " + result.getStatus());
    }

    @Override
    public long write(ByteBuffer[] parts) throws IOException {
        writing.lock();
        try {
            toSend.clear();
            long taken = 0;
            Status status = Status.OK;
            while (status == Status.OK && anyRemains(parts)) {
                SSLEngineResult result = engine.wrap(parts, toSend);
                status = result.getStatus();
                taken += result.bytesConsumed();
                checkProgress(result);
            }
            // Also when the engine has given up: what is left then is the alert that tells the peer why.
            flush();
            if (status == Status.CLOSED) {
                throw new ClosedChannelException();
            }
            return taken;
        } finally {
            writing.unlock();
        }
    }

    private static boolean anyRemains(ByteBuffer[] parts) {
        for (ByteBuffer part : parts) {
            if (part.hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    private void checkProgress(SSLEngineResult result) {
        HandshakeStatus handshake = result.getHandshakeStatus();
        if (handshake == HandshakeStatus.NEED_TASK) {
            runTasks();
        } else if (result.getStatus() == Status.OK
                && result.bytesConsumed() == 0
                && result.bytesProduced() == 0
                && handshake != HandshakeStatus.FINISHED) {
            throw new IllegalStateException("the TLS engine takes nothing and gives nothing: " + result);
        }
    }

    private void flush() throws IOException {
        toSend.flip();
        while (toSend.hasRemaining()) {
            socket().write(toSend);
        }
    }

    @Override
    public void endOutput() throws IOException {
        writing.lock();
        try {
            engine.closeOutbound();
            toSend.clear();
            while (!engine.isOutboundDone() && engine.wrap(NOTHING, toSend).bytesProduced() > 0) {
                // What waits to be said first, and close_notify.
            }
            flush();
            socket().shutdownOutput();
        } finally {
            writing.unlock();
        }
    }
}
