package io.lull.worker.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a standby QEMU needs besides pages and device state to be the same machine.
 *
 * @param ramSectionId id of the "ram" section in the primary's stream
 * @param configuration QEMU's configuration section verbatim, its type byte 0x07 included
 * @param blocks RAM blocks in stream order, the last one the pseudo block {@link #DEVICE_STATE_BLOCK}
 */
public record Layout(int ramSectionId, ByteBuffer configuration, List<RamBlock> blocks) {
    /** The pseudo block that carries the device state as pages; it isn't part of QEMU's stream. */
    public static final String DEVICE_STATE_BLOCK = "device-state";

    public static final int MAX_BLOCKS = 256;
    public static final int MAX_CONFIGURATION_BYTES = 16 << 10;
    /** 1 TiB: page numbers and their sums stay far inside an int. */
    public static final long MAX_PAGES = 1L << 28;

    public Layout {
        configuration = copy(configuration);
        blocks = List.copyOf(blocks);
        String wrong = fault(configuration, blocks);
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(wrong);
        }
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining())
                .put(bytes.duplicate())
                .flip()
                .asReadOnlyBuffer();
    }

    private static String fault(ByteBuffer configuration, List<RamBlock> blocks) {
        if (configuration.remaining() > MAX_CONFIGURATION_BYTES) {
            return "configuration of " + configuration.remaining() + " bytes, limit " + MAX_CONFIGURATION_BYTES;
        }
        if (blocks.size() < 2 || blocks.size() > MAX_BLOCKS) {
            return blocks.size() + " blocks, from 2 to " + MAX_BLOCKS + " are possible";
        }
        Set<String> names = new HashSet<>();
        long pages = 0;
        for (RamBlock block : blocks) {
            if (!names.add(block.name())) {
                return "two blocks are named '" + block.name() + "'";
            }
            if (block.pages() > MAX_PAGES - pages) {
                return "more than " + MAX_PAGES + " pages";
            }
            pages += block.pages();
        }
        String last = blocks.get(blocks.size() - 1).name();
        return last.equals(DEVICE_STATE_BLOCK)
                ? ""
                : "the last block is '" + last + "', not '" + DEVICE_STATE_BLOCK + "'";
    }

    /** All pages, those of the device-state block included. */
    public int totalPages() {
        return (int) blocks.stream().mapToLong(RamBlock::pages).sum();
    }

    public Frame frame() {
        return Frame.control(FrameType.LAYOUT, 0, encode());
    }

    ByteBuffer encode() {
        BodyWriter out = new BodyWriter(FrameType.LAYOUT.maxBodyBytes())
                .i32(ramSectionId)
                .i32(configuration.remaining())
                .bytes(configuration)
                .i32(blocks.size());
        blocks.forEach(block -> out.text(block.name()).i64(block.lengthBytes()));
        return out.done();
    }

    public static Layout decode(ByteBuffer body) throws ProtocolException {
        BodyReader in = new BodyReader(FrameType.LAYOUT, body);
        int ramSectionId = in.i32();
        ByteBuffer configuration = in.bytes(in.count("configuration length", MAX_CONFIGURATION_BYTES));
        int count = in.count("block count", MAX_BLOCKS);
        List<RamBlock> blocks = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                blocks.add(new RamBlock(in.text(RamBlock.MAX_NAME_BYTES), in.size("block length")));
            }
            in.end();
            return new Layout(ramSectionId, configuration, blocks);
        } catch (IllegalArgumentException e) {
            throw in.fault(String.valueOf(e.getMessage()));
        }
    }
}
