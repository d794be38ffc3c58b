package io.lull.worker.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The backup doesn't accept the primary.
 *
 * @param reason what a program acts on
 * @param text what a person reads
 */
public record Refused(RefusalReason reason, String text) {
    public static final int MAX_TEXT_BYTES = 512;

    /** As many always fit, whatever they are. */
    private static final int MAX_TEXT_CHARACTERS = MAX_TEXT_BYTES / 3;

    public Refused {
        BodyWriter.checkText("text", text, MAX_TEXT_BYTES);
    }

    /** A refusal with as much of a text as fits. */
    public static Refused saying(RefusalReason reason, String text) {
        boolean fits = text.getBytes(StandardCharsets.UTF_8).length <= MAX_TEXT_BYTES;
        return new Refused(reason, fits ? text : text.substring(0, MAX_TEXT_CHARACTERS));
    }

    public Frame frame() {
        return Frame.control(FrameType.REFUSED, 0, encode());
    }

    ByteBuffer encode() {
        return new BodyWriter(FrameType.REFUSED.maxBodyBytes())
                .u8(reason.code())
                .text(text)
                .done();
    }

    public static Refused decode(ByteBuffer body) throws ProtocolException {
        BodyReader in = new BodyReader(FrameType.REFUSED, body);
        Refused refused = new Refused(RefusalReason.of(in.u8()), in.text(MAX_TEXT_BYTES));
        in.end();
        return refused;
    }
}
