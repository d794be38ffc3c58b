package io.lull.job.metrics;

import io.lull.job.state.PackedReader;
import io.lull.job.state.PackedWriter;

/**
 * Packs a pane's sums into bytes and back, for the many panes of a VM that are seldom touched: a quarter of the size,
 * and one array instead of a dozen objects. Arrays come with their length, so that those of an earlier version may be
 * shorter; what a later version adds goes to the end.
 */
final class PanePacker {
    private final PackedWriter writer = new PackedWriter();
    private final PackedReader reader = new PackedReader();

    byte[] pack(Pane pane) {
        writer.begin();
        put(pane.sampleSums);
        put(pane.samplePeaks);
        put(pane.vcpuDirtyPages);
        put(pane.slotSums);
        writer.putReal(pane.longestSlotNanos);
        put(pane.reportSums);
        put(pane.reportPeaks);
        put(pane.reasons);
        put(pane.pauses);
        put(pane.commits);
        return writer.toBytes();
    }

    /** A pane of these bytes; an empty one of none. */
    Pane unpack(byte[] packed) {
        Pane pane = new Pane();
        if (packed.length == 0) {
            return pane;
        }
        reader.open(packed, packed.length);
        pane.sampleSums = nextSums();
        pane.samplePeaks = nextLongs();
        pane.vcpuDirtyPages = nextInts();
        pane.slotSums = nextSums();
        pane.longestSlotNanos = reader.nextReal();
        pane.reportSums = nextSums();
        pane.reportPeaks = nextLongs();
        pane.reasons = nextInts();
        pane.pauses = nextHistogram();
        pane.commits = nextHistogram();
        return pane;
    }

    private void put(double[] sums) {
        writer.putUnsigned(sums.length);
        for (double sum : sums) {
            writer.putReal(sum);
        }
    }

    private void put(long[] values) {
        writer.putUnsigned(values.length);
        for (long value : values) {
            writer.putUnsigned(value);
        }
    }

    private void put(int[] values) {
        writer.putUnsigned(values.length);
        for (int value : values) {
            writer.putUnsigned(value);
        }
    }

    private void put(Histogram histogram) {
        writer.putByte(histogram.joins);
        writer.putUnsigned(histogram.cells.length);
        int before = 0;
        for (int cell : histogram.cells) {
            writer.putUnsigned(Histogram.bucketOf(cell) - before);
            writer.putUnsigned(Histogram.countOf(cell));
            before = Histogram.bucketOf(cell);
        }
    }

    private double[] nextSums() {
        double[] sums = new double[(int) reader.nextUnsigned()];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = reader.nextReal();
        }
        return sums;
    }

    private long[] nextLongs() {
        long[] values = new long[(int) reader.nextUnsigned()];
        for (int i = 0; i < values.length; i++) {
            values[i] = reader.nextUnsigned();
        }
        return values;
    }

    private int[] nextInts() {
        int[] values = new int[(int) reader.nextUnsigned()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (int) reader.nextUnsigned();
        }
        return values;
    }

    private Histogram nextHistogram() {
        Histogram histogram = new Histogram();
        histogram.joins = reader.nextByte();
        histogram.cells = new int[(int) reader.nextUnsigned()];
        int bucket = 0;
        for (int i = 0; i < histogram.cells.length; i++) {
            bucket += (int) reader.nextUnsigned();
            histogram.cells[i] = Histogram.cell(bucket, (int) reader.nextUnsigned());
        }
        return histogram;
    }
}
