package io.lull.policy.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The curve on recorded dirty pages of real guests, in the folder that the system property {@code lull.traces} names:
 * epochs of 1 to 16 recorded intervals in random order.
 */
class DirtyCurveTracesIT {
    private static final int[] LENGTHS = {1, 2, 3, 4, 6, 8, 12, 16};
    private static final int PAGE_MASK = 0x3fffffff;

    /** Pages written in one recorded interval. */
    private record Interval(long runNanos, BitSet pages) {}

    @ParameterizedTest
    @ValueSource(strings = {"redis", "redisin", "gcc", "sqlite", "pg", "jvm"})
    void predictsEachNextEpochOfARealGuest(String workload) throws IOException {
        List<Interval> trace = read(workload);
        long seed = 45;
        Random random = new Random(seed);
        DirtyCurveState state = new DirtyCurveState();
        double[] exponents = new double[2];
        double[] pages = new double[2];
        int epochs = 0;
        for (int pass = 0; pass < 6; pass++) {
            for (int from = 0, length; ; from += length) {
                length = LENGTHS[random.nextInt(LENGTHS.length)];
                if (from + length > trace.size()) {
                    break;
                }
                long run = 0;
                BitSet dirty = new BitSet();
                for (Interval interval : trace.subList(from, from + length)) {
                    run += interval.runNanos();
                    dirty.or(interval.pages());
                }
                if (++epochs > 20) {
                    pages[0] += dirty.cardinality();
                    pages[1] += DirtyCurve.pagesAt(state, run);
                    exponents[0] += state.exponent;
                    exponents[1]++;
                }
                DirtyCurve.update(state, run, dirty.cardinality());
            }
        }
        double exponent = exponents[0] / exponents[1];
        System.out.printf(
                "%s: %d epochs, a %.2f in the mean and %.2f at last, predicted / seen pages %.2f%n",
                workload, epochs, exponent, state.exponent, pages[1] / pages[0]);

        assertThat(exponent).as("seed %s", seed).isBetween(0.2, 0.55);
        assertThat(state.exponent).as("seed %s", seed).isBetween(0.2, 0.55);
        assertThat(pages[1] / pages[0]).as("seed %s", seed).isBetween(0.85, 1.15);
    }

    private static List<Interval> read(String workload) throws IOException {
        Path file = Path.of(System.getProperty("lull.traces", "../../shared/traces"), workload + ".dirtylog.gz");
        if (!Files.exists(file)) {
            throw new IOException("no trace " + file.toAbsolutePath()
                    + "; set the system property lull.traces to the folder of the recorded traces");
        }
        byte[] all;
        try (GZIPInputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            all = in.readAllBytes();
        }
        ByteBuffer log = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[8];
        log.get(magic);
        assertThat(new String(magic, StandardCharsets.US_ASCII)).isEqualTo("DIRTYLOG");
        int snapshots = log.getInt(20);
        log.position(24);
        List<Interval> trace = new ArrayList<>();
        long before = 0;
        for (int i = 0; i < snapshots; i++) {
            long wallNanos = log.getLong();
            log.getLong();
            BitSet pages = new BitSet();
            for (int left = log.getInt(); left > 0; left--) {
                pages.set(log.getInt() & PAGE_MASK);
            }
            if (i > 0) {
                trace.add(new Interval(wallNanos - before, pages));
            }
            before = wallNanos;
        }
        return trace;
    }
}
