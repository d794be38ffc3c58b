package io.lull.bench.fuzz.parser;

import io.lull.worker.protocol.Bye;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.Hashes;
import io.lull.worker.protocol.ProtocolException;
import io.lull.worker.protocol.RefusalReason;
import io.lull.worker.protocol.Refused;
import io.lull.worker.protocol.Verified;
import io.lull.worker.protocol.Welcome;
import io.lull.worker.ship.AnswersOnBytes;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;

/** A primary's side of a connection: what a backup answers. */
final class AnswersTarget implements Target {
    private static final Bounds BOUNDS = new Bounds(64 << 10, 100);

    private final AnswersOnBytes primary = new AnswersOnBytes();

    @Override
    public List<Conversation> corpus() {
        return List.of(
                FrameSeal.conversation(session(OptionalLong.empty())),
                FrameSeal.conversation(session(OptionalLong.of(7))),
                FrameSeal.conversation(List.of(new Refused(RefusalReason.BUSY, "another session is open").frame())));
    }

    private static List<Frame> session(OptionalLong committed) {
        int half = AnswersOnBytes.PAGES / 2;
        return List.of(
                new Welcome(committed).frame(),
                new Hashes(0, ByteBuffer.allocate(half * Hashes.BYTES_PER_PAGE)).frame(),
                new Hashes(half, ByteBuffer.allocate(half * Hashes.BYTES_PER_PAGE)).frame(),
                Frame.control(FrameType.HEARTBEAT, 0),
                Frame.control(FrameType.ACK, 8),
                Frame.control(FrameType.ACK, 9),
                new Verified(Verified.Result.SAME, 0, 0).frame(9),
                new Verified(Verified.Result.DIFFERENT, 3, 4).frame(9),
                new Verified(Verified.Result.STALE, 0, 0).frame(9),
                new Bye("the backup ends").frame());
    }

    @Override
    public Conversation sealed(Conversation mutated) {
        return FrameSeal.sealed(mutated);
    }

    @Override
    public void run(byte[] input) throws Exception {
        primary.take(new InputChannel(input));
    }

    @Override
    public boolean refuses(Throwable thrown) {
        return thrown instanceof ProtocolException || thrown instanceof EOFException;
    }

    @Override
    public Bounds bounds() {
        return BOUNDS;
    }

    @Override
    public void checkUnharmed() throws Exception {
        var leave = primary.take(new InputChannel(corpus().get(0).bytes()));
        if (leave.isEmpty() || primary.lastAck() != 9 || primary.hashedPages() != AnswersOnBytes.PAGES) {
            throw new IllegalStateException("a good backup's answers were not all taken");
        }
    }
}
