package io.lull.worker.protocol;

import io.lull.policy.Checks;

/**
 * What came of a {@link Handover}.
 *
 * @param epoch the one that was handed over; in the frame's header
 * @param result what came of it
 * @param text for people
 */
public record HandedOver(long epoch, Result result, String text) {
    /** What can come of it; the order is that of the codes. */
    public enum Result {
        /** The VM runs on the backup. */
        RUNS,
        /** Nothing was begun, and the session goes on: the primary may run its VM. */
        REFUSED,
        /** It was begun, and came to nothing or to nothing known: who may run the VM, the fence says. The session is over. */
        FAILED
    }

    public HandedOver {
        Checks.notNegative("epoch", epoch);
        BodyWriter.checkText("text", text, Bye.MAX_WHY_BYTES);
    }

    /** An answer with as much of a text as fits. */
    public static HandedOver saying(long epoch, Result result, String text) {
        return new HandedOver(epoch, result, Bye.saying(text).why());
    }

    public Frame frame() {
        return Frame.control(
                FrameType.HANDED_OVER,
                epoch,
                new BodyWriter(FrameType.HANDED_OVER.maxBodyBytes())
                        .u8(result.ordinal())
                        .text(text)
                        .done());
    }

    public static HandedOver decode(Frame frame) throws ProtocolException {
        BodyReader in = new BodyReader(FrameType.HANDED_OVER, frame.payload());
        int code = in.u8();
        if (code >= Result.values().length) {
            throw in.fault("result " + code + " is unknown");
        }
        HandedOver answer = new HandedOver(frame.header().epoch(), Result.values()[code], in.text(Bye.MAX_WHY_BYTES));
        in.end();
        return answer;
    }
}
