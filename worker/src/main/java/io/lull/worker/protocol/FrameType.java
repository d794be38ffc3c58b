package io.lull.worker.protocol;

import java.util.Optional;

/** What a frame is; the code is what travels. */
public enum FrameType {
    /** Primary: who I am and what I will send. */
    HELLO(1, 2048),
    /** Backup: accepted. */
    WELCOME(2, 64),
    /** Backup: not accepted, and why; the connection closes. */
    REFUSED(3, 1024),
    /** Primary: the RAM blocks and QEMU's configuration section. */
    LAYOUT(4, FrameHeader.MAX_BODY_BYTES),
    /** Backup: a piece of the hashes of its present image. */
    HASHES(5, FrameHeader.MAX_BODY_BYTES),
    /** Primary: an encoded chunk of pages, a record of its epoch. */
    PAGES(6, FrameHeader.MAX_BODY_BYTES),
    /** Primary: a piece of a disk write, a record of its epoch. */
    DISK_WRITE(7, DiskWrite.MAX_DATA_BYTES + DiskWrite.HEAD_BYTES),
    /** Primary: a zeroed or discarded range of the disk, a record of its epoch. */
    DISK_ZERO(8, DiskZero.BYTES),
    /** Primary: the epoch is complete. */
    EPOCH_END(9, EpochEnd.BYTES),
    /** Backup: it holds the whole epoch that the header names. */
    ACK(10, 0),
    /** Primary: digests of page ranges as they are after the epoch that the header names. */
    DIGEST(11, Digest.MAX_BYTES),
    /** Backup: what came of a DIGEST. */
    VERIFIED(12, Verified.BYTES),
    /** Both: still here. */
    HEARTBEAT(13, 0),
    /** Both: an orderly end. */
    BYE(14, 1024),
    /** Primary: its VM stands still for good at the end of the epoch that the header names; run it from there. */
    HANDOVER(15, 1024),
    /** Backup: what came of a HANDOVER. */
    HANDED_OVER(16, 1024);

    private static final FrameType[] BY_CODE = byCode();

    private final int code;
    private final int maxBodyBytes;

    FrameType(int code, int maxBodyBytes) {
        this.code = code;
        this.maxBodyBytes = maxBodyBytes;
    }

    private static FrameType[] byCode() {
        FrameType[] table = new FrameType[values().length + 1];
        for (FrameType type : values()) {
            table[type.code] = type;
        }
        return table;
    }

    /** The byte on the wire. */
    public int code() {
        return code;
    }

    /** Longest body, compressed or not. */
    public int maxBodyBytes() {
        return maxBodyBytes;
    }

    /** Whether the frame is one of the numbered records that make up an epoch. */
    public boolean isRecord() {
        return this == PAGES || this == DISK_WRITE || this == DISK_ZERO;
    }

    /** Whether the frame belongs to an epoch or speaks of one. */
    boolean hasEpoch() {
        return isRecord()
                || switch (this) {
                    case HELLO, EPOCH_END, ACK, DIGEST, VERIFIED, HANDOVER, HANDED_OVER -> true;
                    default -> false;
                };
    }

    static Optional<FrameType> of(int code) {
        return code >= 1 && code < BY_CODE.length ? Optional.of(BY_CODE[code]) : Optional.empty();
    }
}
