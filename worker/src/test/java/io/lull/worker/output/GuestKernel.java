package io.lull.worker.output;

import io.lull.worker.qemu.Await;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The kernel of the test guest, in a QEMU under TCG, for what this machine's own kernel lacks: queues. Its programs {@code tc} and
 * {@code ip} are asked from here, their input and output carried over TCP.
 *
 * <pre>
 *   our socket ─▶ eth0, which plays a TAP ─▶ [gate] ─▶ routed ─▶ eth1 ─▶ our socket
 *   programs ◀─ eth2 ─▶ our connections
 * </pre>
 */
final class GuestKernel implements CommandLine.Tools, Closeable {
    static final String TAP = "eth0";
    static final String IFB = "lull0";

    private static final int ACCEPT_LIMIT_MILLIS = 20_000;
    private static final int MAX_FRAME = 2000;
    private static final String RECEIVED = "/sys/class/net/" + TAP + "/statistics/rx_packets";
    private static final String SET_UP =
            "cd /net; for m in ifb sch_ingress sch_plug sch_prio act_mirred cls_matchall; do"
                    + " [ $m = ifb ] && o=numifbs=0 || o=; insmod mods/$m.ko $o; done;"
                    + " for d in all eth0 eth1 eth2; do echo 1 >/proc/sys/net/ipv6/conf/$d/disable_ipv6; done;"
                    + " ip addr add 10.1.0.1/24 dev eth0; ip addr add 10.2.0.1/24 dev eth1; ip addr add 10.0.2.15/24 dev eth2;"
                    + " for d in eth0 eth1 eth2; do ip link set $d up; done; echo 1 >/proc/sys/net/ipv4/ip_forward;"
                    + " arp -i eth1 -s 10.2.0.2 52:54:00:00:00:77;"
                    + " printf '#!/bin/sh\\nexec /net/tc -s -j -batch - 2>&1\\n' >tc.sh;"
                    + " printf '#!/bin/sh\\nexec /net/ip -d -j -batch - 2>&1\\n' >ip.sh;"
                    + " printf '#!/bin/sh\\nwhile read x; do read n <" + RECEIVED
                    + "; echo \"[$n]\"; done\\n' >received.sh;"
                    + " chmod +x *.sh; export LD_LIBRARY_PATH=/net/lib; ";

    private final DatagramSocket guest = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final DatagramSocket network = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final ServerSocket programs = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    private final List<long[]> left = new CopyOnWriteArrayList<>();
    private final List<Socket> relays = new CopyOnWriteArrayList<>();
    private final InetSocketAddress intoGuest;
    private final Process qemu;
    private final SocketChannel console;
    private final OutputStream commands;
    private final CommandLine counter;
    private long received;

    GuestKernel(Path directory) throws Exception {
        programs.setSoTimeout(ACCEPT_LIMIT_MILLIS);
        int port;
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        intoGuest = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        Path images = images();
        Path initrd = directory.resolve("initrd.gz");
        Files.copy(images.resolve("initrd.gz"), initrd, StandardCopyOption.REPLACE_EXISTING);
        Files.write(initrd, Files.readAllBytes(images.resolve("nettools.gz")), java.nio.file.StandardOpenOption.APPEND);
        Path log = directory.resolve("console.log");
        qemu = new ProcessBuilder(command(images.resolve("vmlinux"), initrd, directory.resolve("console"), log, port))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("qemu.log").toFile())
                .start();
        try {
            Await.until("the guest is up", () -> {
                if (!qemu.isAlive()) {
                    throw new IOException("QEMU ended: " + Files.readString(directory.resolve("qemu.log")));
                }
                return Files.exists(log)
                        && Files.readString(log, StandardCharsets.ISO_8859_1).contains("READY ");
            });
            console = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("console")));
            commands = Channels.newOutputStream(console);
            counter = start(SET_UP, "received");
            received = counter.ask("").path(0).asLong();
        } catch (Exception | Error e) {
            qemu.destroyForcibly();
            throw e;
        }
        Thread receiver = new Thread(this::receive, "network");
        receiver.setDaemon(true);
        receiver.start();
    }

    private List<String> command(Path kernel, Path initrd, Path consoleSocket, Path log, int port) {
        List<String> command = new ArrayList<>(List.of("qemu-system-x86_64", "-M", "pc", "-accel", "tcg", "-m", "192"));
        command.addAll(List.of("-nodefaults", "-vga", "none", "-display", "none", "-no-reboot"));
        command.addAll(List.of("-kernel", kernel.toString(), "-initrd", initrd.toString()));
        command.addAll(List.of("-append", "console=ttyS0 quiet panic=-1"));
        command.addAll(List.of(
                "-chardev",
                "socket,id=console,path=" + consoleSocket + ",server=on,wait=off,logfile=" + log,
                "-serial",
                "chardev:console"));
        List<String> networks = List.of(
                datagrams("n0", port, guest.getLocalPort()), datagrams("n1", 0, network.getLocalPort()), "user,id=n2");
        for (int card = 0; card < networks.size(); card++) {
            command.addAll(List.of("-netdev", networks.get(card), "-device"));
            command.add("virtio-net-pci,netdev=n" + card + ",mac=52:54:00:00:00:0" + card + ",addr=" + (3 + card)
                    + ",romfile=");
        }
        return command;
    }

    private static String datagrams(String id, int port, int remotePort) {
        return "dgram,id=" + id + ",local.type=inet,local.host=127.0.0.1,local.port=" + port
                + ",remote.type=inet,remote.host=127.0.0.1,remote.port=" + remotePort;
    }

    private static Path images() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("deploy/guest/build.sh"))) {
                Path images = folder.resolve(".lull/guest");
                if (!Files.exists(images.resolve("nettools.gz"))) {
                    throw new AssertionError(images + "/nettools.gz is missing: run deploy/guest/build.sh");
                }
                return images;
            }
        }
        throw new AssertionError("no deploy/guest/build.sh above " + Path.of("").toAbsolutePath());
    }

    @Override
    public CommandLine tc() throws IOException {
        return start("", "tc");
    }

    @Override
    public CommandLine ip() throws IOException {
        return start("", "ip");
    }

    private synchronized CommandLine start(String before, String program) throws IOException {
        String line = before + "LD_LIBRARY_PATH=/net/lib nc 10.0.2.2 " + programs.getLocalPort() + " -e /net/" + program
                + ".sh &\n";
        commands.write(line.getBytes(StandardCharsets.US_ASCII));
        Socket relay = programs.accept();
        relay.setTcpNoDelay(true);
        relays.add(relay);
        return new BatchProcess(
                program,
                relay.getInputStream(),
                relay.getOutputStream(),
                () -> cut(relay),
                BatchProcess.ANSWER_LIMIT_NANOS);
    }

    private static void cut(Socket relay) {
        try {
            relay.close();
        } catch (IOException closed) {
            return;
        }
    }

    /** Cuts off all programs but the counter of frames. */
    void cutOff() {
        relays.subList(1, relays.size()).forEach(GuestKernel::cut);
    }

    /** Takes away what a gate left. */
    void cleanUp() throws IOException {
        PlugDevices left = new PlugDevices(this, new PlugPlace(TAP, IFB, 1 << 20));
        try (CommandLine tc = tc()) {
            left.remove(tc, false);
        }
    }

    /**
     * What plays the TAP receives a frame; returns when the kernel has done with it what it does.
     *
     * @param run sets apart what is sent for one purpose
     */
    synchronized void send(long run, long tag) throws Exception {
        sendOn(run, tag);
        awaitReceived();
    }

    /** The same; returns at once. */
    synchronized void sendOn(long run, long tag) throws IOException {
        byte[] frame = UdpFrame.of(run, tag);
        guest.send(new DatagramPacket(frame, frame.length, intoGuest));
        received++;
    }

    synchronized void awaitReceived() throws Exception {
        // On its one processor the kernel goes back to programs only once it has handed a frame on.
        Await.until(
                received + " frames are received", () -> counter.ask("").path(0).asLong() >= received);
    }

    /** Tags of the frames that came out, in order. */
    List<Long> left(long run) {
        return left.stream()
                .filter(frame -> frame[0] == run)
                .map(frame -> frame[1])
                .toList();
    }

    private void receive() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[MAX_FRAME], MAX_FRAME);
                network.receive(packet);
                UdpFrame.read(packet.getData(), packet.getLength()).ifPresent(left::add);
            }
        } catch (IOException ended) {
            // The socket is closed at the test's end.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        qemu.destroyForcibly();
        relays.forEach(GuestKernel::cut);
        console.close();
        programs.close();
        guest.close();
        network.close();
        try {
            if (!qemu.waitFor(30, TimeUnit.SECONDS)) {
                throw new IOException("QEMU with pid " + qemu.pid() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
