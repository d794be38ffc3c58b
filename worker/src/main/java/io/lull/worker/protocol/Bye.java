package io.lull.worker.protocol;

import java.nio.ByteBuffer;

/**
 * An orderly end: no failure, so no failover.
 *
 * @param why for people
 */
public record Bye(String why) {
    public static final int MAX_WHY_BYTES = 512;

    /** As many always fit, whatever they are. */
    private static final int MAX_WHY_CHARACTERS = MAX_WHY_BYTES / 3;

    public Bye {
        BodyWriter.checkText("why", why, MAX_WHY_BYTES);
    }

    /** A BYE with as much of a reason as fits. */
    public static Bye saying(String why) {
        return new Bye(why.length() > MAX_WHY_CHARACTERS ? why.substring(0, MAX_WHY_CHARACTERS) : why);
    }

    public Frame frame() {
        return Frame.control(FrameType.BYE, 0, encode());
    }

    ByteBuffer encode() {
        return new BodyWriter(FrameType.BYE.maxBodyBytes()).text(why).done();
    }

    public static Bye decode(ByteBuffer body) throws ProtocolException {
        BodyReader in = new BodyReader(FrameType.BYE, body);
        Bye bye = new Bye(in.text(MAX_WHY_BYTES));
        in.end();
        return bye;
    }
}
