package io.lull.worker.ship;

import io.lull.worker.page.EncodedChunk;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.protocol.FrameType;

/** Makes PAGES frames of encoded chunks. */
public final class PageFrames {
    private PageFrames() {}

    /** The chunk as record {@code sequence} of an epoch; shares its payload. */
    public static Frame frame(EncodedChunk chunk, long epoch, int sequence) {
        FrameHeader header = new FrameHeader(
                FrameType.PAGES,
                chunk.codec().wireId(),
                chunk.pageCount(),
                epoch,
                sequence,
                chunk.payload().remaining(),
                chunk.rawLength(),
                chunk.crc32c());
        return new Frame(header, chunk.payload());
    }
}
