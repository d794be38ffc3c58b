package io.lull.bench.fuzz.parser;

import io.lull.policy.signal.TcpSample;
import io.lull.producer.net.TcpTable;
import io.lull.worker.output.GateException;
import io.lull.worker.output.GateFrames;
import java.nio.ByteBuffer;
import java.util.List;

/** The guest's frames: QEMU's framing of them, and the table of TCP connections behind it. */
final class FrameTarget implements Target {
    private static final Bounds BOUNDS = new Bounds(16 << 10, 8);
    private static final int CONNECTIONS = 64;
    private static final int NEXT_NANOS = 1000;
    private static final byte[] NOTHING = new byte[0];
    /** Segment size 1460, window scale 7, no operation. */
    private static final byte[] SYN_OPTIONS = {2, 4, 5, (byte) 0xb4, 3, 3, 7, 1};

    private final GateFrames framing = new GateFrames(true);
    private final TcpTable table = new TcpTable(CONNECTIONS);
    private long nowNanos;

    @Override
    public List<Conversation> corpus() {
        return List.of(conversation(40_000), conversation(40_001), request(50_000), reset(50_001));
    }

    private static Conversation conversation(int port) {
        return Conversation.of(
                EthernetFrame.of(false, port, EthernetFrame.SYN, 100, 0, 0, SYN_OPTIONS),
                EthernetFrame.of(true, port, EthernetFrame.SYN | EthernetFrame.ACK, 900, 101, 0, SYN_OPTIONS),
                EthernetFrame.of(false, port, EthernetFrame.ACK, 101, 901, 0, NOTHING),
                EthernetFrame.of(false, port, EthernetFrame.ACK, 101, 901, 40, NOTHING),
                EthernetFrame.of(true, port, EthernetFrame.ACK, 901, 141, 300, NOTHING),
                EthernetFrame.of(false, port, EthernetFrame.FIN | EthernetFrame.ACK, 141, 1201, 0, NOTHING),
                EthernetFrame.of(true, port, EthernetFrame.FIN | EthernetFrame.ACK, 1201, 142, 0, NOTHING),
                EthernetFrame.of(false, port, EthernetFrame.ACK, 142, 1202, 0, NOTHING));
    }

    private static Conversation request(int port) {
        return Conversation.of(
                EthernetFrame.of(false, port, EthernetFrame.SYN, 100, 0, 0, SYN_OPTIONS),
                EthernetFrame.of(true, port, EthernetFrame.SYN | EthernetFrame.ACK, 900, 101, 0, SYN_OPTIONS),
                EthernetFrame.of(false, port, EthernetFrame.ACK, 101, 901, 40, NOTHING));
    }

    private static Conversation reset(int port) {
        return Conversation.of(
                EthernetFrame.of(false, port, EthernetFrame.SYN, 100, 0, 0, SYN_OPTIONS),
                EthernetFrame.of(true, port, EthernetFrame.RST, 900, 101, 0, NOTHING));
    }

    @Override
    public void run(byte[] input) throws Exception {
        ByteBuffer buffer = ByteBuffer.wrap(input);
        int end = framing.scan(buffer, 0, input.length, (start, offset, length, vnetHeaderBytes) -> {
            if (offset + length > input.length || vnetHeaderBytes > length) {
                throw new IllegalStateException("a frame at " + start + " reaches beyond what came");
            }
            take(buffer, offset, length, vnetHeaderBytes);
        });
        if (end < 0 || end > input.length) {
            throw new IllegalStateException("the scan ended at " + end + " of " + input.length);
        }
        checkLevels(table.sample(nowNanos, nowNanos, nowNanos));
    }

    private void take(ByteBuffer buffer, int offset, int length, int vnetHeaderBytes) {
        nowNanos += NEXT_NANOS;
        int direction = offset - 2 * Integer.BYTES + EthernetFrame.DIRECTION_AT;
        if (direction < buffer.limit() && (buffer.get(direction) & 1) != 0) {
            table.onIn(buffer, offset, length, vnetHeaderBytes, nowNanos);
        } else {
            table.onOut(buffer, offset, length, vnetHeaderBytes, nowNanos);
        }
    }

    private static void checkLevels(TcpSample sample) {
        int open = sample.connections();
        if (open > CONNECTIONS
                || sample.requestsPending() > open
                || sample.stalled() > open
                || sample.windowFull() > open) {
            throw new IllegalStateException("levels that can't be: " + sample);
        }
    }

    @Override
    public boolean refuses(Throwable thrown) {
        return thrown instanceof GateException;
    }

    @Override
    public Bounds bounds() {
        return BOUNDS;
    }

    /** So many good connections as there is room for drive all others out, and are then all that is seen. */
    @Override
    public void checkUnharmed() throws Exception {
        nowNanos += 2 * TcpTable.CLOSED_KEPT_NANOS;
        table.sample(nowNanos, nowNanos, nowNanos);
        for (int i = 0; i < CONNECTIONS; i++) {
            run(request(20_000 + i).bytes());
        }
        TcpSample sample = table.sample(nowNanos, nowNanos, nowNanos);
        if (sample.connections() != CONNECTIONS || sample.requestsPending() != CONNECTIONS) {
            throw new IllegalStateException("of " + CONNECTIONS + " good connections with a request each: " + sample);
        }
    }
}
