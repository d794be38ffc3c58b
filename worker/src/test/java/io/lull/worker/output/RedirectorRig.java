package io.lull.worker.output;

import io.lull.worker.qemu.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A redirector gate whose QEMU is played by sockets. */
final class RedirectorRig implements GateRig {
    private static final int ETHERNET_BYTES = 60;
    private static final int FRAME_BYTES = Frames.tagged(0, 0, ETHERNET_BYTES).length;

    private final QemuSide qemu;
    private final QemuSide.Ends ends;
    private final List<Long> left = new CopyOnWriteArrayList<>();
    private boolean lost;

    RedirectorRig(Path directory) throws IOException {
        this.qemu = new QemuSide(directory);
        this.ends = qemu.connect();
        Thread network = new Thread(this::receive, "network");
        network.setDaemon(true);
        network.start();
    }

    private void receive() {
        try {
            while (true) {
                ByteBuffer frame = ByteBuffer.wrap(QemuSide.receive(ends.in(), FRAME_BYTES));
                left.add(frame.getLong(Frames.WORD_BYTES + Frames.VNET_HEADER_BYTES));
            }
        } catch (IOException ended) {
            // So it does when the gate is given up; what has left by then counts.
            return;
        }
    }

    @Override
    public OutputGate gate() {
        return ends.gate();
    }

    @Override
    public void send(long tag) throws Exception {
        if (lost) {
            return;
        }
        long before = ends.gate().snapshot().sent().packets();
        QemuSide.send(ends.out(), Frames.tagged(tag, 0, ETHERNET_BYTES));
        Await.until("it is read", () -> ends.gate().snapshot().sent().packets() > before);
    }

    @Override
    public List<Long> left() {
        return List.copyOf(left);
    }

    @Override
    public void lose() throws IOException {
        lost = true;
        ends.out().close();
    }

    @Override
    public List<String> losses() {
        return qemu.losses();
    }

    @Override
    public void close() throws IOException {
        qemu.close();
    }
}
