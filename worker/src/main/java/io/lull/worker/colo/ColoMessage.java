package io.lull.worker.colo;

/** A COLO control message: its ordinal is its code on the wire, a big-endian u32. */
enum ColoMessage {
    CHECKPOINT_READY,
    CHECKPOINT_REQUEST,
    CHECKPOINT_REPLY,
    VMSTATE_SEND,
    VMSTATE_SIZE,
    VMSTATE_RECEIVED,
    VMSTATE_LOADED;

    private static final ColoMessage[] BY_CODE = values();

    static ColoMessage of(int code) throws ColoStreamException {
        if (code < 0 || code >= BY_CODE.length) {
            throw new ColoStreamException("QEMU sent the unknown COLO message " + Integer.toUnsignedString(code));
        }
        return BY_CODE[code];
    }
}
