package io.lull.bench.fuzz.parser;

import io.lull.worker.disk.NbdException;
import io.lull.worker.disk.NbdOnBytes;
import java.util.Arrays;
import java.util.List;

/** The NBD server: handshake and transmission. */
final class NbdTarget implements Target {
    private static final Bounds BOUNDS = new Bounds(128 << 10, 20);
    private static final int OFFSET = 70_000;

    private final NbdOnBytes server = new NbdOnBytes();
    private byte round;

    @Override
    public List<Conversation> corpus() {
        return List.of(
                new Conversation(NbdOnBytes.conversation(new byte[] {1, 2, 3}, 0)),
                new Conversation(NbdOnBytes.conversation(filled(3000, 7), OFFSET)),
                new Conversation(NbdOnBytes.conversation(new byte[5000], OFFSET)),
                new Conversation(NbdOnBytes.oldConversation(filled(100, 9), 12)));
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @Override
    public void run(byte[] input) throws Exception {
        try {
            server.take(new InputChannel(input));
        } finally {
            if (server.inFlight() != 0) {
                throw new IllegalStateException(server.inFlight() + " requests count as in flight for ever");
            }
        }
    }

    @Override
    public boolean refuses(Throwable thrown) {
        return thrown instanceof NbdException;
    }

    @Override
    public Bounds bounds() {
        return BOUNDS;
    }

    @Override
    public void checkUnharmed() throws Exception {
        byte[] data = filled(2000, ++round);
        run(new Conversation(NbdOnBytes.conversation(data, OFFSET)).bytes());
        if (!Arrays.equals(Arrays.copyOfRange(server.disk(), OFFSET, OFFSET + data.length), data)) {
            throw new IllegalStateException("a good client's write is not on the disk");
        }
    }
}
