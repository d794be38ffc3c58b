package io.lull.bench.fuzz.parser;

import io.lull.worker.capture.CaptureException;
import io.lull.worker.colo.ColoOnBytes;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.List;

/** The capture: QEMU's migration stream with COLO's messages, initial copy and checkpoints. */
final class ColoTarget implements Target {
    private static final Bounds BOUNDS = new Bounds(512 << 10, 24);
    private static final int CHECKPOINTS = 2;
    private static final int STATE_BYTES = 5000;

    private final ColoOnBytes capture = new ColoOnBytes();

    @Override
    public List<Conversation> corpus() {
        return List.of(
                new Conversation(ColoOnBytes.conversation(0, 1)),
                new Conversation(ColoOnBytes.conversation(1, 100)),
                new Conversation(ColoOnBytes.conversation(CHECKPOINTS, STATE_BYTES)),
                new Conversation(ColoOnBytes.conversation(CHECKPOINTS + 1, 4096)));
    }

    @Override
    public void run(byte[] input) throws Exception {
        capture.take(new InputChannel(input, ColoTarget::endOfDescription));
    }

    /** QEMU waits for an answer once it has described its device state; the length is before the description. */
    static int endOfDescription(byte[] input, int from) {
        for (int at = Math.max(4, from); at + ColoOnBytes.DESCRIPTION_START.length <= input.length; at++) {
            if (startsDescription(input, at)) {
                long end = (long) at + ByteBuffer.wrap(input).getInt(at - 4);
                if (end > from && end < input.length) {
                    return (int) end;
                }
            }
        }
        return input.length;
    }

    private static boolean startsDescription(byte[] input, int at) {
        for (int i = 0; i < ColoOnBytes.DESCRIPTION_START.length; i++) {
            if (input[at + i] != ColoOnBytes.DESCRIPTION_START[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean refuses(Throwable thrown) {
        return thrown instanceof CaptureException || thrown instanceof EOFException;
    }

    @Override
    public Bounds bounds() {
        return BOUNDS;
    }

    @Override
    public void checkUnharmed() throws Exception {
        run(corpus().get(2).bytes());
        if (capture.initialPages() != 6
                || capture.checkpoints() != CHECKPOINTS
                || capture.checkpointPages() != 3 * CHECKPOINTS) {
            throw new IllegalStateException("a good stream gave " + capture.initialPages() + " initial pages and "
                    + capture.checkpoints() + " checkpoints of " + capture.checkpointPages() + " pages");
        }
    }
}
