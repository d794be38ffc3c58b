package io.lull.worker.output;

import io.lull.worker.qemu.Await;
import io.lull.worker.qemu.QemuProcess;
import io.lull.worker.qemu.Qmp;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A gate in a real QEMU, whose guest is played by a second network that a hub connects to the first: what is sent there is, for
 * the filters of the first, what a guest sends.
 *
 * <pre>
 *   guest's socket ─▶ n1 ─ hub ─ n0 [filters] ─▶ network's socket
 * </pre>
 */
final class QemuRig implements GateRig {
    private static final int FRAME_BYTES = 60;
    private static final int TAG_OFFSET = 14;

    /** Puts a gate in. */
    interface Placement {
        OutputGate place(Qmp qemu, GateListener listener) throws IOException;
    }

    private final DatagramSocket guest = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final DatagramSocket network = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final List<Long> left = new CopyOnWriteArrayList<>();
    private final List<String> losses = new CopyOnWriteArrayList<>();
    private final QemuProcess qemu;
    private final InetSocketAddress intoGuest;
    private final OutputGate gate;

    QemuRig(Path directory, Placement placement) throws Exception {
        int port = freePort();
        intoGuest = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        qemu = QemuProcess.start(
                directory,
                "-netdev",
                datagrams("n0", 0, network.getLocalPort()),
                "-netdev",
                datagrams("n1", port, guest.getLocalPort()),
                "-netdev",
                "hubport,id=h0,hubid=0,netdev=n0",
                "-netdev",
                "hubport,id=h1,hubid=0,netdev=n1");
        Thread receiver = new Thread(this::receive, "network");
        receiver.setDaemon(true);
        receiver.start();
        gate = placement.place(qemu, losses::add);
    }

    private static String datagrams(String id, int port, int remotePort) {
        return "dgram,id=" + id + ",local.type=inet,local.host=127.0.0.1,local.port=" + port
                + ",remote.type=inet,remote.host=127.0.0.1,remote.port=" + remotePort;
    }

    private static int freePort() throws SocketException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void receive() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[2 * FRAME_BYTES], 2 * FRAME_BYTES);
                network.receive(packet);
                left.add(ByteBuffer.wrap(packet.getData()).getLong(TAG_OFFSET));
            }
        } catch (IOException ended) {
            // The socket is closed at the test's end.
            return;
        }
    }

    Qmp qemu() {
        return qemu;
    }

    @Override
    public OutputGate gate() {
        return gate;
    }

    @Override
    public void send(long tag) throws Exception {
        byte[] frame = ByteBuffer.allocate(FRAME_BYTES).putLong(TAG_OFFSET, tag).array();
        long before = seen();
        guest.send(new DatagramPacket(frame, FRAME_BYTES, intoGuest));
        // QEMU says nothing of a frame that it has taken; its loop looks at each socket in every round.
        qemu.execute("query-status", Map.of());
        qemu.execute("query-status", Map.of());
        if (gate.frames().isPresent() && gate.state().isOpen()) {
            // It goes on to the gate over a socket, where a cut that comes first leaves it to the next epoch.
            Await.until("the gate has it", () -> seen() > before);
        }
    }

    private long seen() {
        return gate.frames().map(frames -> frames.sent().packets()).orElse(0L);
    }

    @Override
    public List<Long> left() {
        return List.copyOf(left);
    }

    @Override
    public void lose() throws IOException {
        qemu.close();
    }

    @Override
    public List<String> losses() {
        return losses;
    }

    @Override
    public void close() throws IOException {
        gate.close();
        qemu.close();
        guest.close();
        network.close();
    }
}
