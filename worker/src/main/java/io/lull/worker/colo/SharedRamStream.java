package io.lull.worker.colo;

import io.lull.worker.capture.StagingArea;
import io.lull.worker.capture.StreamLayout;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.function.LongSupplier;

/**
 * Reads an ordinary migration stream of a QEMU that leaves shared memory out (capability x-ignore-shared): the machine's
 * layout and all of its other memory. The device state behind that is not kept.
 */
public final class SharedRamStream {
    private static final int BATCH_PAGES = 2048;
    /** More than any device state with its description (about 170 KiB with disk and network). */
    private static final long MAX_REST_BYTES = 64L << 20;

    private final StreamReader in;
    private final StagingArea staging;

    /**
     * @param staging takes the stream as it comes
     */
    public SharedRamStream(ReadableByteChannel channel, StagingArea staging, LongSupplier nanoClock) {
        this.in = new StreamReader(channel, staging, nanoClock);
        this.staging = staging;
    }

    /** Takes what is read. */
    public interface Sink {
        /** The layout, once, first. */
        void layout(StreamLayout layout) throws IOException;

        /** Pages, numbered as in the image; afterwards their memory is reused. A page may come several times. */
        void pages(StagingArea pages) throws IOException;
    }

    /** Reads up to the end of the stream, which QEMU closes. */
    public void read(Sink sink) throws IOException {
        StreamLayout layout = new StreamHead(in, true).read();
        sink.layout(layout);
        RamParser ram = new RamParser(layout.blocks());
        int section;
        ram.parseBody(in, staging, BATCH_PAGES, sink::pages);
        InitialStream.footer(in, layout.ramSectionId());
        do {
            section = InitialStream.ramSection(in, layout.ramSectionId());
            ram.parseBody(in, staging, BATCH_PAGES, sink::pages);
            InitialStream.footer(in, layout.ramSectionId());
        } while (section != InitialStream.SECTION_END);
        if (!in.skipToEnd(MAX_REST_BYTES)) {
            throw new ColoStreamException(
                    "QEMU's stream does not end within " + MAX_REST_BYTES + " bytes behind its memory");
        }
    }
}
