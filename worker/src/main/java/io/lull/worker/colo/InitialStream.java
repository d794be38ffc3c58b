package io.lull.worker.colo;

import io.lull.worker.capture.CaptureHandler;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.capture.StreamLayout;
import java.io.IOException;

/**
 * Parses what QEMU sends before the first checkpoint: header, configuration, the copy of RAM, the first device state.
 *
 * <p>The first device state is not kept: the VM counts as protected from the first checkpoint on.
 */
final class InitialStream {
    static final int SECTION_EOF = 0x00;
    static final int SECTION_START = 0x01;
    static final int SECTION_PART = 0x02;
    static final int SECTION_END = 0x03;
    static final int SECTION_FULL = 0x04;
    static final int SECTION_SUBSECTION = 0x05;
    static final int SECTION_DESCRIPTION = 0x06;
    static final int SECTION_CONFIGURATION = 0x07;
    static final int SECTION_COMMAND = 0x08;
    static final int SECTION_FOOTER = 0x7E;
    private static final int BATCH_PAGES = 2048;

    private final StreamReader in;
    private final StagingArea staging;
    private final CaptureHandler handler;
    private final AfterBatch afterBatch;

    InitialStream(StreamReader in, StagingArea staging, CaptureHandler handler, AfterBatch afterBatch) {
        this.in = in;
        this.staging = staging;
        this.handler = handler;
        this.afterBatch = afterBatch;
    }

    /** What is done after each batch of pages was handed on. */
    interface AfterBatch {
        void run() throws IOException;
    }

    /** What later checkpoints need of the initial stream. */
    record Result(StreamLayout layout, RamParser ram) {}

    /** Reads to the end of the initial stream; the guest is stopped when it returns. */
    Result read() throws IOException {
        StreamLayout layout = new StreamHead(in, false).read();
        int sectionId = layout.ramSectionId();
        handler.layout(layout);
        RamParser ram = new RamParser(layout.blocks());
        ram.parseBody(in, staging, BATCH_PAGES, this::batch);
        footer(in, sectionId);
        int section;
        do {
            section = ramSection(in, sectionId);
            ram.parseBody(in, staging, BATCH_PAGES, this::batch);
            footer(in, sectionId);
        } while (section != SECTION_END);
        new FirstDeviceState().skip(in);
        staging.reset();
        in.switchTo(staging);
        return new Result(layout, ram);
    }

    private void batch(StagingArea pages) throws IOException {
        handler.initialPages(pages);
        afterBatch.run();
    }

    static void skipCommand(StreamReader in) throws IOException {
        in.u16();
        in.skip(in.u16());
    }

    /** Reads up to the body of the next section of RAM; returns the section's type. */
    static int ramSection(StreamReader in, int sectionId) throws IOException {
        int type = in.u8();
        while (type == SECTION_COMMAND) {
            skipCommand(in);
            type = in.u8();
        }
        if (type != SECTION_PART && type != SECTION_END) {
            throw new ColoStreamException("QEMU sent a section of type " + type + " in the initial copy");
        }
        int id = in.u32();
        if (id != sectionId) {
            throw new ColoStreamException("QEMU sent section " + id + " in the initial copy; only RAM is known");
        }
        return type;
    }

    static void footer(StreamReader in, int sectionId) throws IOException {
        int mark = in.u8();
        int id = in.u32();
        if (mark != SECTION_FOOTER || id != sectionId) {
            throw new ColoStreamException("QEMU's section " + sectionId + " ends with 0x" + Integer.toHexString(mark)
                    + " " + id + " instead of its footer");
        }
    }

    static void expect(int wanted, int got, String what) throws ColoStreamException {
        if (wanted != got) {
            throw new ColoStreamException("QEMU sent 0x" + Integer.toHexString(got) + " instead of " + what + " (0x"
                    + Integer.toHexString(wanted) + ")");
        }
    }
}
