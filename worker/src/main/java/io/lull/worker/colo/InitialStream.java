package io.lull.worker.colo;

import io.lull.worker.page.ImageLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses what QEMU sends before the first checkpoint: header, configuration, the copy of RAM, the first device state.
 *
 * <p>The first device state is not kept: the VM counts as protected from the first checkpoint on.
 */
final class InitialStream {
    private static final int MAGIC = 0x5145564D;
    private static final int VERSION = 3;
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
    private static final int MAX_CONFIGURATION_BYTES = 4096;
    private static final int BATCH_PAGES = 2048;

    private final StreamReader in;
    private final StagingArea staging;
    private final CaptureHandler handler;
    private final Runnable afterBatch;

    InitialStream(StreamReader in, StagingArea staging, CaptureHandler handler, Runnable afterBatch) {
        this.in = in;
        this.staging = staging;
        this.handler = handler;
        this.afterBatch = afterBatch;
    }

    /** What later checkpoints need of the initial stream. */
    record Result(StreamLayout layout, RamParser ram) {}

    /** Reads to the end of the initial stream; the guest is stopped when it returns. */
    Result read() throws IOException {
        byte[] configuration = header();
        skipCommands();
        expect(SECTION_START, in.u8(), "the start of the RAM section");
        int sectionId = in.u32();
        requireRam(in.str8(), in.u32(), in.u32());
        StreamLayout layout = new StreamLayout(configuration, sectionId, blocks());
        handler.layout(layout);
        RamParser ram = new RamParser(layout.blocks());
        ram.parseBody(in, staging, BATCH_PAGES, this::batch);
        footer(in, sectionId);
        int section;
        do {
            section = ramSection(sectionId);
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

    private byte[] header() throws IOException {
        if (in.u32() != MAGIC || in.u32() != VERSION) {
            throw new ColoStreamException("what connected does not speak QEMU's migration stream, version 3");
        }
        expect(SECTION_CONFIGURATION, in.u8(), "the configuration section");
        int length = in.u32();
        if (length <= 0 || length > MAX_CONFIGURATION_BYTES) {
            throw new ColoStreamException("QEMU's machine name has the length " + length);
        }
        byte[] name = in.bytes(length);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(SECTION_CONFIGURATION);
        writeU32(body, length);
        body.write(name);
        return body.toByteArray();
    }

    private static void writeU32(ByteArrayOutputStream out, int value) {
        out.write(value >>> 24);
        out.write(value >>> 16);
        out.write(value >>> 8);
        out.write(value);
    }

    /** Skips commands; refuses configuration subsections, whose bodies differ by machine option. */
    private void skipCommands() throws IOException {
        while (in.peek() != SECTION_START) {
            int type = in.u8();
            if (type == SECTION_SUBSECTION) {
                throw new ColoStreamException("QEMU's configuration has the subsection '" + in.str8()
                        + "': leave x-ignore-shared and the machine's target-page-bits alone");
            }
            expect(SECTION_COMMAND, type, "a command or the RAM section");
            skipCommand(in);
        }
    }

    static void skipCommand(StreamReader in) throws IOException {
        in.u16();
        in.bytes(in.u16());
    }

    private ImageLayout blocks() throws IOException {
        long word = in.u64();
        if ((word & 0xfff) != RamParser.FLAG_MEM_SIZE) {
            throw new ColoStreamException("QEMU's RAM section does not begin with its size");
        }
        long total = word & ~0xfffL;
        List<ImageLayout.NamedLength> blocks = new ArrayList<>();
        for (long sum = 0; sum < total; ) {
            String name = in.str8();
            long length = in.u64();
            if (length <= 0 || length > total - sum || blocks.size() >= ImageLayout.MAX_BLOCKS) {
                throw new ColoStreamException("RAM block '" + name + "' has the impossible length " + length);
            }
            blocks.add(new ImageLayout.NamedLength(name, length));
            sum += length;
        }
        try {
            return ImageLayout.of(blocks);
        } catch (IllegalArgumentException e) {
            throw new ColoStreamException("QEMU's RAM blocks can't be: " + e.getMessage());
        }
    }

    private int ramSection(int sectionId) throws IOException {
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

    private static void requireRam(String name, int instance, int version) throws ColoStreamException {
        if (!name.equals("ram") || instance != 0 || version != 4) {
            throw new ColoStreamException("QEMU's first section is '" + name + "' instance " + instance + " version "
                    + version + "; only 'ram' 0 version 4 is known: detach devices that migrate RAM of their own");
        }
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
