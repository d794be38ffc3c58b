package io.lull.worker.protocol;

import java.nio.ByteBuffer;

/**
 * What came of a DIGEST.
 *
 * @param result same, different or stale
 * @param firstPage first page of the first range that differs, 0 otherwise
 * @param pages its length, 0 otherwise
 */
public record Verified(Result result, int firstPage, int pages) {
    static final int BYTES = 9;

    /** The code is the ordinal: only append. */
    public enum Result {
        SAME,
        DIFFERENT,
        /** The backup had already committed a later epoch; ask again. */
        STALE
    }

    public Verified {
        if (firstPage < 0 || pages < 0 || (result == Result.DIFFERENT) != (pages > 0)) {
            throw new IllegalArgumentException(result + " with a range of " + pages + " pages from " + firstPage);
        }
    }

    public Frame frame(long epoch) {
        return Frame.control(FrameType.VERIFIED, epoch, encode());
    }

    ByteBuffer encode() {
        return new BodyWriter(BYTES)
                .u8(result.ordinal())
                .i32(firstPage)
                .i32(pages)
                .done();
    }

    public static Verified decode(ByteBuffer body) throws ProtocolException {
        BodyReader in = new BodyReader(FrameType.VERIFIED, body);
        int code = in.u8();
        if (code >= Result.values().length) {
            throw in.fault("unknown result " + code);
        }
        try {
            Verified verified = new Verified(Result.values()[code], in.i32(), in.i32());
            in.end();
            return verified;
        } catch (IllegalArgumentException e) {
            throw in.fault(String.valueOf(e.getMessage()));
        }
    }
}
