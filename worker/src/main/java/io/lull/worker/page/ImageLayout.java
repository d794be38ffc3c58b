package io.lull.worker.page;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a VM's memory blocks lie in one image of numbered pages: block after block, each rounded up to whole pages, the
 * pseudo block {@link #DEVICE_STATE} last, so that one mechanism ships memory and device state.
 *
 * @param blocks the blocks in image order, without gaps
 */
public record ImageLayout(List<Block> blocks) {
    /** Name of the last block, which holds the device state from its first byte on. */
    public static final String DEVICE_STATE = "device-state";

    /** Bytes of the block {@link #DEVICE_STATE}; no device state may be longer. */
    public static final int DEVICE_STATE_BYTES = 1 << 20;

    /** Most blocks of a layout, the device state's included. */
    public static final int MAX_BLOCKS = 256;

    /** Longest name of a block, in UTF-16 units. */
    public static final int MAX_NAME_LENGTH = 255;

    /** Most bytes of all blocks together: 1 TiB. */
    public static final long MAX_TOTAL_BYTES = 1L << 40;

    /**
     * One contiguous block of an image.
     *
     * @param name unique in its layout
     * @param byteLength bytes in use; the rest of the last page stays zero
     * @param firstPage number of its first page in the image
     */
    public record Block(String name, long byteLength, int firstPage) {
        public Block {
            if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
                throw new IllegalArgumentException(
                        "a block's name has 1 to " + MAX_NAME_LENGTH + " characters, not " + name.length());
            }
            if (byteLength < 1 || byteLength > MAX_TOTAL_BYTES) {
                throw new IllegalArgumentException(
                        "block " + name + " must have 1 to " + MAX_TOTAL_BYTES + " bytes, has " + byteLength);
            }
            if (firstPage < 0) {
                throw new IllegalArgumentException("block " + name + " can't begin at page " + firstPage);
            }
        }

        /** How many pages it takes, the last one perhaps in part. */
        public int pages() {
            return (int) ((byteLength + PageMemory.PAGE_BYTES - 1) / PageMemory.PAGE_BYTES);
        }

        /** The number of the first page after it. */
        public int endPage() {
            return Math.addExact(firstPage, pages());
        }

        /**
         * The image's number of the page that holds the byte at {@code offset} of this block.
         *
         * @throws IndexOutOfBoundsException when the offset is outside the block
         */
        public int pageAt(long offset) {
            if (offset < 0 || offset >= byteLength) {
                throw new IndexOutOfBoundsException(
                        "offset " + offset + " is outside block " + name + " of " + byteLength + " bytes");
            }
            return firstPage + (int) (offset / PageMemory.PAGE_BYTES);
        }
    }

    /** Name and length of a block that has no place in an image yet; the lengths are in bytes. */
    public record NamedLength(String name, long byteLength) {}

    public ImageLayout {
        blocks = List.copyOf(blocks);
        if (blocks.isEmpty() || blocks.size() > MAX_BLOCKS) {
            throw new IllegalArgumentException("a layout has 1 to " + MAX_BLOCKS + " blocks, not " + blocks.size());
        }
        Set<String> names = new HashSet<>();
        long bytes = 0;
        int nextPage = 0;
        for (Block block : blocks) {
            if (!names.add(block.name())) {
                throw new IllegalArgumentException("two blocks are named " + block.name());
            }
            bytes += block.byteLength();
            if (bytes > MAX_TOTAL_BYTES) {
                throw new IllegalArgumentException("the blocks have more than " + MAX_TOTAL_BYTES + " bytes together");
            }
            if (block.firstPage() != nextPage) {
                throw new IllegalArgumentException("block " + block.name() + " begins at page " + block.firstPage()
                        + ", but the one before it ends at page " + nextPage);
            }
            nextPage = block.endPage();
        }
        Block last = blocks.get(blocks.size() - 1);
        if (!last.name().equals(DEVICE_STATE) || last.byteLength() != DEVICE_STATE_BYTES) {
            throw new IllegalArgumentException("the last block must be " + DEVICE_STATE + " of " + DEVICE_STATE_BYTES
                    + " bytes, is " + last.name() + " of " + last.byteLength());
        }
    }

    /**
     * Lays out memory blocks in the given order and adds the device state's block.
     *
     * @throws IllegalArgumentException when a limit is passed, a length is not positive or a name occurs twice
     */
    public static ImageLayout of(List<NamedLength> memory) {
        if (memory.size() >= MAX_BLOCKS) {
            throw new IllegalArgumentException(
                    "a VM has at most " + (MAX_BLOCKS - 1) + " memory blocks here, this one has " + memory.size());
        }
        List<Block> blocks = new ArrayList<>(memory.size() + 1);
        int nextPage = 0;
        for (NamedLength named : memory) {
            Block block = new Block(named.name(), named.byteLength(), nextPage);
            nextPage = block.endPage();
            blocks.add(block);
        }
        blocks.add(new Block(DEVICE_STATE, DEVICE_STATE_BYTES, nextPage));
        return new ImageLayout(blocks);
    }

    /** Pages of all blocks together. */
    public int totalPages() {
        return deviceState().endPage();
    }

    /** The block that holds the device state. */
    public Block deviceState() {
        return blocks.get(blocks.size() - 1);
    }

    /** The block of this name. */
    public Optional<Block> block(String name) {
        return blocks.stream().filter(block -> block.name().equals(name)).findFirst();
    }

    /**
     * The block that a page belongs to.
     *
     * @throws IndexOutOfBoundsException when the page is outside the image
     */
    public Block blockOf(int page) {
        if (page < 0 || page >= totalPages()) {
            throw new IndexOutOfBoundsException("page " + page + " of an image of " + totalPages() + " pages");
        }
        int low = 0;
        int high = blocks.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (blocks.get(middle).firstPage() <= page) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return blocks.get(low);
    }
}
