package io.lull.worker.protocol;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * The backup accepts the primary.
 *
 * @param lastCommittedEpoch what it would resume from now, empty when it has nothing yet
 */
public record Welcome(OptionalLong lastCommittedEpoch) {
    public Frame frame() {
        return Frame.control(FrameType.WELCOME, 0, encode());
    }

    ByteBuffer encode() {
        return new BodyWriter(9)
                .u8(lastCommittedEpoch.isPresent() ? 1 : 0)
                .i64(lastCommittedEpoch.orElse(0))
                .done();
    }

    public static Welcome decode(ByteBuffer body) throws ProtocolException {
        BodyReader in = new BodyReader(FrameType.WELCOME, body);
        boolean known = in.u8() != 0;
        long epoch = in.size("last committed epoch");
        in.end();
        return new Welcome(known ? OptionalLong.of(epoch) : OptionalLong.empty());
    }
}
