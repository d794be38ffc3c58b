package io.lull.worker.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.qemu.Await;
import io.lull.worker.qemu.PausedFrames;
import io.lull.worker.qemu.QemuProcess;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gate in a real VM whose network is a UDP socket of ours; QEMU's self-announcement is the guest's output. */
@Tag("guest")
@Timeout(120)
class GateInQemuIT {
    private static final int ANNOUNCEMENT_BYTES = 60;
    private static final int RECEIVE_LIMIT_MILLIS = 20_000;
    private static final int NOTHING_COMES_MILLIS = 300;

    private final List<String> losses = new ArrayList<>();
    private final DatagramSocket network;

    @TempDir
    Path directory;

    private QemuProcess qemu;
    private GateInstaller installer;

    GateInQemuIT() throws IOException {
        network = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    }

    @BeforeEach
    void start() throws Exception {
        qemu = QemuProcess.start(
                directory,
                "-netdev",
                "dgram,id=n0,local.type=inet,local.host=127.0.0.1,local.port=0,"
                        + "remote.type=inet,remote.host=127.0.0.1,remote.port=" + network.getLocalPort(),
                "-device",
                "virtio-net-pci,netdev=n0,romfile=");
        GateSockets sockets = new GateSockets(
                directory.resolve("out"), directory.resolve("in"), Optional.of(directory.resolve("mirror")));
        installer = new GateInstaller(qemu, new GatePlacement("g", "n0", sockets, true));
    }

    @AfterEach
    void stop() throws IOException {
        qemu.close();
        network.close();
    }

    @Test
    void holdsOutputUntilReleasedInARunningVmAndLeavesNothingBehind() throws Exception {
        String before = parts();
        announce();
        assertThat(receive().getLength()).isEqualTo(ANNOUNCEMENT_BYTES);

        for (int round = 0; round < 3; round++) {
            RedirectorGate gate = installer.install(this::open);
            announce();
            Await.until("the frame is held", () -> gate.snapshot().held().packets() == 1);
            assertNothingComes();
            gate.cut(round);
            gate.release(round);
            assertThat(receive().getLength()).isEqualTo(ANNOUNCEMENT_BYTES);
            assertThat(gate.snapshot().sent()).isEqualTo(new Traffic(1, ANNOUNCEMENT_BYTES));

            installer.remove();
            assertThat(parts()).isEqualTo(before);
            announce();
            assertThat(receive().getLength()).isEqualTo(ANNOUNCEMENT_BYTES);
        }
        assertThat(losses).isEmpty();
        for (String socket : List.of("out", "in", "mirror")) {
            assertThat(Files.exists(directory.resolve(socket))).isFalse();
        }
    }

    @Test
    void mirrorsWhatTheGuestReceives() throws Exception {
        announce();
        DatagramPacket fromGuest = receive();
        RedirectorGate gate = installer.install(this::open);
        // There is no driver in this guest to take the frame, so QEMU takes no second one.
        network.send(new DatagramPacket(new byte[99], 99, fromGuest.getSocketAddress()));
        Await.until("the mirror shows it", () -> gate.snapshot().received().packets() == 1);
        assertThat(gate.snapshot().received()).isEqualTo(new Traffic(1, 99));
        installer.remove();
    }

    @Test
    void aGateThatDiedDropsOutputUntilAnotherStandsInFrontOfItAndTakesItsPlace() throws Exception {
        String before = parts();
        installer.install(this::open).close();
        announce();
        assertNothingComes();
        EarlierGates earlier = EarlierGates.find(qemu, "g");
        assertThat(earlier.any()).isTrue();
        GateInstaller wrong = new GateInstaller(qemu, placement(earlier.freeNumber(), "nosuch"));
        assertThatThrownBy(() -> wrong.install(this::open)).isInstanceOf(IOException.class);
        announce();
        assertNothingComes();

        GateInstaller successor = new GateInstaller(qemu, placement(earlier.freeNumber(), "n0"));
        RedirectorGate next = successor.install(this::open);
        announce();
        Await.until("the new one holds", () -> next.snapshot().held().packets() == 1);
        earlier.remove("n0");
        assertNothingComes();
        next.passThrough();
        assertThat(receive().getLength()).isEqualTo(ANNOUNCEMENT_BYTES);
        successor.remove();
        assertThat(parts()).isEqualTo(before);
        assertThat(EarlierGates.find(qemu, "g").any()).isFalse();
    }

    @Test
    void whatIsLetGoToAPausedGuestLeavesWhenItGoesOnButNotWhenItIsCutOffBefore() throws Exception {
        RedirectorGate gate = installer.install(this::open);
        letGoWhilePaused(gate, 1);
        qemu.execute("cont", Map.of());
        assertThat(receive().getLength()).as("QEMU kept it").isEqualTo(ANNOUNCEMENT_BYTES);

        letGoWhilePaused(gate, 2);
        PausedFrames frames = new PausedFrames(Optional.of("n0"));
        frames.cutOff(qemu);
        qemu.execute("cont", Map.of());
        frames.reconnect(qemu);
        assertNothingComes();

        frames.cutOff(qemu);
        gate.passThrough();
        announce();
        assertThat(receive().getLength())
                .as("the link is up again, and stays it")
                .isEqualTo(ANNOUNCEMENT_BYTES);
        installer.remove();
    }

    private void letGoWhilePaused(RedirectorGate gate, long epoch) throws Exception {
        announce();
        Await.until("the frame is held", () -> gate.snapshot().held().packets() == 1);
        qemu.execute("stop", Map.of());
        gate.cut(epoch);
        gate.release(epoch);
        assertNothingComes();
    }

    private GatePlacement placement(int number, String netdev) {
        GateSockets sockets = new GateSockets(
                directory.resolve(number + "out"),
                directory.resolve(number + "in"),
                Optional.of(directory.resolve(number + "mirror")));
        return new GatePlacement(GatePlacement.prefix("g", number), netdev, sockets, true);
    }

    @Test
    void undoesWhenQemuRefusesTheFilter() throws Exception {
        String before = parts();
        GateSockets sockets = new GateSockets(directory.resolve("out"), directory.resolve("in"), Optional.empty());
        GateInstaller wrong = new GateInstaller(qemu, new GatePlacement("g", "nosuch", sockets, true));
        assertThatThrownBy(() -> wrong.install(this::open)).hasMessageContaining("object-add");
        assertThat(parts()).isEqualTo(before);
    }

    private RedirectorGate open(GateSockets sockets) throws IOException {
        return RedirectorGate.connect(sockets, GateConfig.DEFAULT, losses::add, FrameTap.NONE, System::nanoTime);
    }

    private void announce() throws IOException {
        qemu.execute("announce-self", Map.of("initial", 50, "max", 550, "rounds", 1, "step", 50));
    }

    private DatagramPacket receive() throws IOException {
        network.setSoTimeout(RECEIVE_LIMIT_MILLIS);
        DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        network.receive(packet);
        return packet;
    }

    private void assertNothingComes() throws IOException {
        network.setSoTimeout(NOTHING_COMES_MILLIS);
        assertThatThrownBy(() -> network.receive(new DatagramPacket(new byte[2000], 2000)))
                .isInstanceOf(SocketTimeoutException.class);
    }

    private String parts() throws IOException {
        return qemu.execute("query-chardev", Map.of())
                + " " + qemu.execute("qom-list", Map.of("path", "/objects"))
                + " " + qemu.monitor("info network");
    }
}
