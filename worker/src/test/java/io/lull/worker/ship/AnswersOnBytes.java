package io.lull.worker.ship;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameReader;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.ProtocolException;
import io.lull.worker.protocol.Refused;
import io.lull.worker.protocol.Verified;
import io.lull.worker.protocol.Welcome;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/** What a primary makes of its backup's bytes, on the caller's thread and without a socket. */
public final class AnswersOnBytes implements LinkListener {
    /** Pages of the image whose hashes the backup sends. */
    public static final int PAGES = 40;

    private long lastAck;
    private int hashedPages;

    /**
     * Takes a connection's bytes to their end.
     *
     * @return why the backup took leave, if it did
     */
    public Optional<String> take(ReadableByteChannel from) throws IOException {
        lastAck = 0;
        hashedPages = 0;
        FrameReader reader = new FrameReader(from);
        Optional<Frame> frame = reader.next();
        if (frame.isEmpty() || !greeted(frame.get())) {
            return Optional.empty();
        }
        BackupAnswers answers = new BackupAnswers(this, () -> false);
        answers.collect(new HashCollector(PAGES, piece -> hashedPages += piece.pages()));
        Optional<String> leave = Optional.empty();
        frame = reader.next();
        while (frame.isPresent() && leave.isEmpty()) {
            FrameReader.checkCrc(frame.get());
            leave = answers.take(frame.get());
            frame = reader.next();
        }
        return leave;
    }

    private static boolean greeted(Frame frame) throws ProtocolException {
        FrameReader.checkCrc(frame);
        if (frame.header().type() == FrameType.REFUSED) {
            Refused.decode(frame.payload());
            return false;
        }
        if (frame.header().type() != FrameType.WELCOME) {
            throw new ProtocolException(
                    "backup answers HELLO with " + frame.header().type());
        }
        Welcome.decode(frame.payload());
        return true;
    }

    /** The last epoch acknowledged on the connection. */
    public long lastAck() {
        return lastAck;
    }

    /** Pages whose hashes came. */
    public int hashedPages() {
        return hashedPages;
    }

    @Override
    public void onAck(long epoch) {
        lastAck = epoch;
    }

    @Override
    public void onVerified(long epoch, Verified verified) {}

    @Override
    public void onLost(LossKind kind, String why) {}
}
