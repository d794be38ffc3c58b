package io.lull.worker.colo;

import io.lull.worker.capture.StreamLayout;
import io.lull.worker.page.ImageLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Parses the head of QEMU's migration stream, up to the first record of its RAM section. */
final class StreamHead {
    private static final int MAGIC = 0x5145564D;
    private static final int VERSION = 3;
    private static final int MAX_CONFIGURATION_BYTES = 4096;
    private static final int MAX_CAPABILITIES = 64;
    private static final String CAPABILITIES = "configuration/capabilities";

    private final StreamReader in;
    private final boolean leavesSharedOut;

    /**
     * @param leavesSharedOut whether the stream is of a QEMU with the capability x-ignore-shared: its configuration says so
     *     and its list of blocks has an address for each
     */
    StreamHead(StreamReader in, boolean leavesSharedOut) {
        this.in = in;
        this.leavesSharedOut = leavesSharedOut;
    }

    StreamLayout read() throws IOException {
        byte[] configuration = header();
        skipCommands();
        InitialStream.expect(InitialStream.SECTION_START, in.u8(), "the start of the RAM section");
        int sectionId = in.u32();
        requireRam(in.str8(), in.u32(), in.u32());
        return new StreamLayout(configuration, sectionId, blocks());
    }

    private byte[] header() throws IOException {
        if (in.u32() != MAGIC || in.u32() != VERSION) {
            throw new ColoStreamException("what connected does not speak QEMU's migration stream, version 3");
        }
        InitialStream.expect(InitialStream.SECTION_CONFIGURATION, in.u8(), "the configuration section");
        int length = in.u32();
        if (length <= 0 || length > MAX_CONFIGURATION_BYTES) {
            throw new ColoStreamException("QEMU's machine name has the length " + length);
        }
        byte[] name = in.bytes(length);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(InitialStream.SECTION_CONFIGURATION);
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

    /** Skips commands; refuses configuration subsections, whose bodies differ by machine option, but for the one. */
    private void skipCommands() throws IOException {
        while (in.peek() != InitialStream.SECTION_START) {
            int type = in.u8();
            if (type == InitialStream.SECTION_SUBSECTION) {
                subsection(in.str8());
            } else {
                InitialStream.expect(InitialStream.SECTION_COMMAND, type, "a command or the RAM section");
                InitialStream.skipCommand(in);
            }
        }
    }

    private void subsection(String name) throws IOException {
        if (!leavesSharedOut || !name.equals(CAPABILITIES)) {
            throw new ColoStreamException("QEMU's configuration has the subsection '" + name
                    + "': leave x-ignore-shared and the machine's target-page-bits alone");
        }
        in.u32();
        int count = in.u32();
        if (count < 0 || count > MAX_CAPABILITIES) {
            throw new ColoStreamException("QEMU names " + Integer.toUnsignedString(count) + " capabilities");
        }
        for (int i = 0; i < count; i++) {
            in.str8();
        }
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
            if (leavesSharedOut) {
                in.u64();
            }
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

    private static void requireRam(String name, int instance, int version) throws ColoStreamException {
        if (!name.equals("ram") || instance != 0 || version != 4) {
            throw new ColoStreamException("QEMU's first section is '" + name + "' instance " + instance + " version "
                    + version + "; only 'ram' 0 version 4 is known: detach devices that migrate RAM of their own");
        }
    }
}
