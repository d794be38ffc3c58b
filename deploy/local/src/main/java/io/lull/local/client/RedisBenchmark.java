package io.lull.local.client;

import io.lull.local.GuestSpec;
import io.lull.local.LocalNetwork;
import io.lull.local.ManagedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** redis-benchmark against the guest: closed-loop clients on SET, and what they saw. */
public final class RedisBenchmark {
    private static final double SLOWEST_OPS_PER_CLIENT = 10;
    private static final long START_MILLIS = 10_000;

    private RedisBenchmark() {}

    /**
     * What the clients saw.
     *
     * @param opsPerSecond over the whole run
     * @param p50Millis latency of half of the requests at most
     * @param p99Millis latency of 99 % of the requests at most
     */
    public record Result(int clients, double opsPerSecond, double p50Millis, double p99Millis) {}

    /**
     * Runs {@code clients} closed-loop clients for {@code requests} requests in all.
     *
     * @throws IOException when they do not get all their replies in time. Nothing is tried again: a client that waits for
     *     ever is what the loss of one held frame would look like
     */
    public static Result run(LocalNetwork network, Path folder, int clients, int requests) throws IOException {
        long limitMillis = START_MILLIS + (long) (requests / (clients * SLOWEST_OPS_PER_CLIENT) * 1000);
        Path out = Files.createTempFile(folder, "redis-benchmark", ".csv");
        try (ManagedProcess process =
                ManagedProcess.start("redis-benchmark", network.inside(command(clients, requests)), out)) {
            if (!process.await(limitMillis)) {
                throw new IOException("redis-benchmark waits for replies: " + requests + " requests of " + clients
                        + " clients were not answered within " + limitMillis + " ms; it said: " + process.tail(3));
            }
            if (process.exitCode() != 0) {
                throw new IOException(
                        "redis-benchmark ended with exit code " + process.exitCode() + ": " + process.tail(3));
            }
            return parse(clients, Files.readString(out, StandardCharsets.US_ASCII));
        }
    }

    private static List<String> command(int clients, int requests) {
        return List.of(
                "redis-benchmark",
                "-h",
                GuestSpec.ADDRESS,
                "-t",
                "set",
                "-c",
                String.valueOf(clients),
                "-n",
                String.valueOf(requests),
                "--csv");
    }

    /** Parses the CSV: test, rps, avg, min, p50, p95, p99, max. */
    static Result parse(int clients, String csv) throws IOException {
        for (String line : csv.split("\n")) {
            String[] fields = line.replace("\"", "").trim().split(",");
            if (fields.length == 8 && fields[0].equals("SET")) {
                return new Result(
                        clients,
                        Double.parseDouble(fields[1]),
                        Double.parseDouble(fields[4]),
                        Double.parseDouble(fields[6]));
            }
        }
        throw new IOException("redis-benchmark printed no result: " + csv);
    }
}
