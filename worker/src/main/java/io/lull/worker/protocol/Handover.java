package io.lull.worker.protocol;

import io.lull.policy.Checks;

/**
 * The primary has stopped its VM for good, at the end of an epoch that the backup has acknowledged: the backup is to run it
 * from there.
 *
 * @param epoch the last that the primary has run; in the frame's header
 * @param why for people
 */
public record Handover(long epoch, String why) {
    public Handover {
        Checks.notNegative("epoch", epoch);
        BodyWriter.checkText("why", why, Bye.MAX_WHY_BYTES);
    }

    /** A HANDOVER with as much of a reason as fits. */
    public static Handover saying(long epoch, String why) {
        return new Handover(epoch, Bye.saying(why).why());
    }

    public Frame frame() {
        return Frame.control(
                FrameType.HANDOVER,
                epoch,
                new BodyWriter(FrameType.HANDOVER.maxBodyBytes()).text(why).done());
    }

    public static Handover decode(Frame frame) throws ProtocolException {
        BodyReader in = new BodyReader(FrameType.HANDOVER, frame.payload());
        Handover handover = new Handover(frame.header().epoch(), in.text(Bye.MAX_WHY_BYTES));
        in.end();
        return handover;
    }
}
