package io.lull.worker.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Digests of page ranges as the primary knows them after an epoch; the backup compares them with its image.
 *
 * @param ranges 1 to 64
 */
public record Digest(List<Range> ranges) {
    public static final int MAX_RANGES = 64;
    static final int MAX_BYTES = 4 + MAX_RANGES * 24;

    /**
     * The pages {@code firstPage} to {@code firstPage + pages - 1}.
     *
     * @param high upper half of the 128-bit digest over the range's page hashes
     * @param low lower half
     */
    public record Range(int firstPage, int pages, long high, long low) {
        public Range {
            if (firstPage < 0 || pages <= 0 || firstPage > Layout.MAX_PAGES - pages) {
                throw new IllegalArgumentException("range of " + pages + " pages from " + firstPage);
            }
        }
    }

    public Digest {
        ranges = List.copyOf(ranges);
        if (ranges.isEmpty() || ranges.size() > MAX_RANGES) {
            throw new IllegalArgumentException(ranges.size() + " ranges, from 1 to " + MAX_RANGES + " are possible");
        }
    }

    /** Pages of all ranges. */
    public long pages() {
        return ranges.stream().mapToLong(Range::pages).sum();
    }

    /** The digests as they must be once this epoch is committed. */
    public Frame frame(long epoch) {
        return Frame.control(FrameType.DIGEST, epoch, encode());
    }

    ByteBuffer encode() {
        BodyWriter out = new BodyWriter(MAX_BYTES).i32(ranges.size());
        ranges.forEach(r -> out.i32(r.firstPage).i32(r.pages).i64(r.high).i64(r.low));
        return out.done();
    }

    public static Digest decode(ByteBuffer body) throws ProtocolException {
        BodyReader in = new BodyReader(FrameType.DIGEST, body);
        int count = in.count("range count", MAX_RANGES);
        List<Range> ranges = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                ranges.add(new Range(in.i32(), in.i32(), in.i64(), in.i64()));
            }
            in.end();
            return new Digest(ranges);
        } catch (IllegalArgumentException e) {
            throw in.fault(String.valueOf(e.getMessage()));
        }
    }
}
