package io.lull.worker.protocol;

import io.lull.policy.Checks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntUnaryOperator;
import java.util.zip.CRC32C;

/**
 * Closes an epoch: with it the backup knows that it has everything.
 *
 * @param recordCount how many records the epoch has
 * @param rollingCrc {@link #rollingCrc} over them
 * @param deviceStateBytes how much of the device-state block is the device state
 * @param sentPages pages in the chunks of its PAGES records
 * @param wireBytes payload bytes of the records
 */
public record EpochEnd(int recordCount, int rollingCrc, int deviceStateBytes, long sentPages, long wireBytes) {
    static final int BYTES = 28;

    private static final int CRC_PIECE_BYTES = 4096;

    public EpochEnd {
        if (recordCount < 0 || recordCount > FrameHeader.MAX_RECORDS) {
            throw new IllegalArgumentException("an epoch of " + recordCount + " records");
        }
        Checks.notNegative("deviceStateBytes", deviceStateBytes);
        Checks.notNegative("sentPages", sentPages);
        Checks.notNegative("wireBytes", wireBytes);
    }

    /** CRC32C of the records' CRCs, each as four little-endian bytes, in sequence order. */
    public static int rollingCrc(int[] crcs, int count) {
        return rollingCrc(sequence -> crcs[sequence], count);
    }

    /** The same, with the CRCs by their records' places: an epoch may have too many to make a copy of them all. */
    public static int rollingCrc(IntUnaryOperator crcs, int count) {
        ByteBuffer some = ByteBuffer.allocate(CRC_PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        CRC32C crc = new CRC32C();
        for (int i = 0; i < count; i++) {
            some.putInt(crcs.applyAsInt(i));
            if (!some.hasRemaining()) {
                crc.update(some.flip());
                some.clear();
            }
        }
        crc.update(some.flip());
        return (int) crc.getValue();
    }

    public Frame frame(long epoch) {
        return Frame.control(FrameType.EPOCH_END, epoch, encode());
    }

    ByteBuffer encode() {
        return new BodyWriter(BYTES)
                .i32(recordCount)
                .i32(rollingCrc)
                .i32(deviceStateBytes)
                .i64(sentPages)
                .i64(wireBytes)
                .done();
    }

    public static EpochEnd decode(ByteBuffer body) throws ProtocolException {
        BodyReader in = new BodyReader(FrameType.EPOCH_END, body);
        EpochEnd end = new EpochEnd(
                in.count("record count", FrameHeader.MAX_RECORDS),
                in.i32(),
                in.count("device state length", Integer.MAX_VALUE),
                in.size("sent pages"),
                in.size("wire bytes"));
        in.end();
        return end;
    }
}
