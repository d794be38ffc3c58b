package io.lull.bench.fuzz.parser;

import io.lull.worker.protocol.EpochEnd;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.protocol.FrameType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Makes the frames of a mutated connection between primary and backup agree with their payloads again. */
final class FrameSeal {
    private static final int TYPE_AT = 5;
    private static final int CODEC_AT = 6;
    private static final int PAGES_AT = 7;
    private static final int EPOCH_AT = 8;
    private static final int PAYLOAD_LENGTH_AT = 20;
    private static final int RAW_LENGTH_AT = 24;
    private static final int CRC_AT = 28;
    private static final int DEVICE_STATE_AT = FrameHeader.BYTES + 8;
    private static final int END_BYTES = FrameHeader.BYTES + 28;

    private FrameSeal() {}

    /** A frame as one message. */
    static byte[] bytes(Frame frame) {
        ByteBuffer bytes =
                ByteBuffer.allocate(FrameHeader.BYTES + frame.payload().remaining());
        frame.header().encode(bytes);
        return bytes.put(frame.payload().duplicate()).array();
    }

    static Conversation conversation(List<Frame> frames) {
        return new Conversation(frames.stream().map(FrameSeal::bytes).toList());
    }

    /** With right lengths and checksums, and EPOCH_ENDs that say of the records before them what is true. */
    static Conversation sealed(Conversation mutated) {
        List<byte[]> sealed = new ArrayList<>();
        for (byte[] message : mutated.messages()) {
            byte[] frame = message.clone();
            if (frame.length >= FrameHeader.BYTES) {
                if (frame[TYPE_AT] == FrameType.EPOCH_END.code() && frame.length == END_BYTES) {
                    end(frame, sealed);
                }
                envelope(frame);
            }
            sealed.add(frame);
        }
        return new Conversation(sealed);
    }

    private static void envelope(byte[] frame) {
        ByteBuffer header = little(frame);
        int length = frame.length - FrameHeader.BYTES;
        header.putInt(PAYLOAD_LENGTH_AT, length);
        if (frame[CODEC_AT] == FrameHeader.CODEC_NONE) {
            header.putInt(RAW_LENGTH_AT, length);
            header.putInt(CRC_AT, Frame.crc32c(ByteBuffer.wrap(frame, FrameHeader.BYTES, length)));
        }
    }

    private static void end(byte[] frame, List<byte[]> before) {
        long epoch = little(frame).getLong(EPOCH_AT);
        int[] crcs = new int[before.size()];
        int count = 0;
        long pages = 0;
        long wireBytes = 0;
        for (byte[] message : before) {
            if (message.length >= FrameHeader.BYTES
                    && isRecord(message[TYPE_AT])
                    && little(message).getLong(EPOCH_AT) == epoch) {
                crcs[count++] = little(message).getInt(CRC_AT);
                pages += message[PAGES_AT] & 0xff;
                wireBytes += message.length - FrameHeader.BYTES;
            }
        }
        int deviceStateBytes = Math.max(0, little(frame).getInt(DEVICE_STATE_AT));
        Frame right = new EpochEnd(count, EpochEnd.rollingCrc(crcs, count), deviceStateBytes, pages, wireBytes)
                .frame(Math.max(0, epoch));
        right.payload().duplicate().get(frame, FrameHeader.BYTES, END_BYTES - FrameHeader.BYTES);
    }

    private static boolean isRecord(byte type) {
        return type == FrameType.PAGES.code()
                || type == FrameType.DISK_WRITE.code()
                || type == FrameType.DISK_ZERO.code();
    }

    private static ByteBuffer little(byte[] frame) {
        return ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
    }
}
