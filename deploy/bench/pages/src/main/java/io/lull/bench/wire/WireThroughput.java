package io.lull.bench.wire;

import io.lull.worker.wire.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.ToDoubleFunction;

/**
 * Prints what one connection carries over loopback with TLS and without, in turns of one run: MB/s, GB for a second of a
 * thread's CPU time, and what is allocated; and how long a small epoch and its answer take. Medians of the turns; the ratio is the median of the turns' ratios.
 */
public final class WireThroughput {
    private static final int ROUNDS = 9;
    private static final long ROUND_BYTES = 512L << 20;
    private static final int ROUND_TRIPS = 5000;
    private static final long WARM_UP_BYTES = 1L << 30;

    private WireThroughput() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        List<Transfer> plain = new ArrayList<>();
        List<Transfer> tls = new ArrayList<>();
        try (Pair open = Pair.connect(Hosts.PLAINTEXT);
                Pair encrypted = Pair.connect(Hosts.tls())) {
            System.out.println(encrypted.near().state().security() + " against plaintext, " + ROUNDS + " turns of "
                    + (ROUND_BYTES >> 20) + " MiB each way of writing");
            Transfer.of(open.near(), open.far(), WARM_UP_BYTES);
            Transfer.of(encrypted.near(), encrypted.far(), WARM_UP_BYTES);
            for (int round = 0; round < ROUNDS; round++) {
                plain.add(Transfer.of(open.near(), open.far(), ROUND_BYTES));
                tls.add(Transfer.of(encrypted.near(), encrypted.far(), ROUND_BYTES));
            }
            print(plain, tls);
            printRoundTrips(open, encrypted);
        }
    }

    private static void printRoundTrips(Pair open, Pair encrypted) throws IOException, InterruptedException {
        double[] plain = new double[ROUNDS];
        double[] tls = new double[ROUNDS];
        double[] ratios = new double[ROUNDS];
        // The first turn warms up.
        for (int round = -1; round < ROUNDS; round++) {
            double without = RoundTrips.medianNanos(open.near(), open.far(), ROUND_TRIPS) / 1e3;
            double with = RoundTrips.medianNanos(encrypted.near(), encrypted.far(), ROUND_TRIPS) / 1e3;
            plain[Math.max(0, round)] = without;
            tls[Math.max(0, round)] = with;
            ratios[Math.max(0, round)] = with / without;
        }
        Arrays.sort(plain);
        Arrays.sort(tls);
        Arrays.sort(ratios);
        System.out.printf(
                "%d KiB there and an answer back: plaintext %.0f us, TLS %.0f us; TLS / plaintext: %.2f (turns: %.2f to %.2f)%n",
                RoundTrips.EPOCH_BYTES >> 10,
                plain[ROUNDS / 2],
                tls[ROUNDS / 2],
                ratios[ROUNDS / 2],
                ratios[0],
                ratios[ROUNDS - 1]);
    }

    /** Both ends of a connection. */
    private record Pair(Wire near, Wire far) implements AutoCloseable {
        static Pair connect(Hosts hosts) throws IOException {
            try (ServerSocketChannel server =
                    ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
                Wire near = hosts.primary().over(undelayed(SocketChannel.open(server.getLocalAddress())));
                Wire far = hosts.backup().over(undelayed(server.accept()));
                CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
                    try {
                        far.handshake();
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                });
                near.handshake();
                other.join();
                return new Pair(near, far);
            }
        }

        private static SocketChannel undelayed(SocketChannel socket) throws IOException {
            return socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }

        @Override
        public void close() throws IOException {
            near.close();
            far.close();
        }
    }

    private static void print(List<Transfer> plain, List<Transfer> tls) {
        System.out.printf(
                "%-10s%10s%20s%20s%22s%22s%n",
                "", "MB/s", "GB/CPU-s writing", "GB/CPU-s reading", "bytes/MiB writing", "bytes/MiB reading");
        line("plaintext", plain);
        line("TLS", tls);
        double[] ratios = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            ratios[i] = tls.get(i).megabytesPerSecond() / plain.get(i).megabytesPerSecond();
        }
        Arrays.sort(ratios);
        System.out.printf(
                "TLS / plaintext: %.2f (turns: %.2f to %.2f)%n", ratios[ROUNDS / 2], ratios[0], ratios[ROUNDS - 1]);
    }

    private static void line(String way, List<Transfer> turns) {
        System.out.printf(
                "%-10s%10.0f%20.2f%20.2f%22.0f%22.0f%n",
                way,
                median(turns, Transfer::megabytesPerSecond),
                median(turns, t -> t.gigabytesPerCpuSecond(t.writer())),
                median(turns, t -> t.gigabytesPerCpuSecond(t.reader())),
                median(turns, t -> t.allocatedPerMebibyte(t.writer())),
                median(turns, t -> t.allocatedPerMebibyte(t.reader())));
    }

    private static double median(List<Transfer> turns, ToDoubleFunction<Transfer> value) {
        return turns.stream().mapToDouble(value).sorted().toArray()[turns.size() / 2];
    }
}
