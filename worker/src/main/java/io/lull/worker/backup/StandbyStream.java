package io.lull.worker.backup;

import io.lull.worker.page.ImageLayout;
import io.lull.worker.page.PageMemory;
import io.lull.worker.protocol.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes QEMU's migration stream (version 3, big-endian) of an image, and keeps it open between commits.
 *
 * <pre>
 * begin: "QEVM" 3, configuration section, START "ram" with the block list
 * part:  PART, a record for each page: [name] 4096 bytes, or [name] fill byte 0 for a page of zeros
 * end:   END with nothing in it, then the device state verbatim, which ends the stream
 * </pre>
 *
 * <p>The receiving QEMU is an incoming migration that hasn't finished: it holds the memory and runs nothing until
 * {@code end}. For one thread.
 */
final class StandbyStream {
    private static final int MAGIC = 0x5145564d;
    private static final int VERSION = 3;
    private static final byte SECTION_START = 1;
    private static final byte SECTION_PART = 2;
    private static final byte SECTION_END = 3;
    private static final byte SECTION_FOOTER = 0x7e;
    private static final int RAM_VERSION = 4;
    private static final long FLAG_ZERO = 0x02;
    private static final long FLAG_MEM_SIZE = 0x04;
    private static final long FLAG_PAGE = 0x08;
    private static final long FLAG_EOS = 0x10;
    private static final long FLAG_CONTINUE = 0x20;
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int MAX_RECORD_BYTES = 8 + 1 + 255 + PageMemory.PAGE_BYTES;

    private final Layout layout;
    private final ImageLayout places;
    private final PageMemory memory;
    private final WritableByteChannel out;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer zeroPage =
            ByteBuffer.allocateDirect(PageMemory.PAGE_BYTES).asReadOnlyBuffer();
    private ImageLayout.@Nullable Block current;
    private long sentPages;

    StandbyStream(CommittedImage image, WritableByteChannel out) {
        this.layout = image.layout();
        this.places = image.imageLayout();
        this.memory = image.memory();
        this.out = out;
    }

    /** Pages written so far, those of zeros included. */
    long sentPages() {
        return sentPages;
    }

    /** The block of main memory, whose pages are zero in a fresh process: the largest one. */
    static ImageLayout.Block mainMemory(ImageLayout places) {
        List<ImageLayout.Block> blocks = places.blocks();
        ImageLayout.Block largest = blocks.get(0);
        for (ImageLayout.Block block : blocks.subList(1, blocks.size() - 1)) {
            if (block.byteLength() > largest.byteLength()) {
                largest = block;
            }
        }
        return largest;
    }

    /**
     * Marks what a fresh process doesn't have: it has zeroed main memory, and its other blocks hold what it put there itself.
     */
    void markWanted(PendingPages pending) {
        ImageLayout.Block main = mainMemory(places);
        int ramPages = places.deviceState().firstPage();
        for (int page = 0; page < ramPages; page++) {
            boolean inMain = page >= main.firstPage() && page < main.endPage();
            if (!inMain || !isZero(page)) {
                pending.mark(page);
            }
        }
    }

    private boolean isZero(int page) {
        return memory.view(page).equals(zeroPage);
    }

    void begin() throws IOException {
        buffer.putInt(MAGIC).putInt(VERSION);
        flush();
        writeOut(layout.configuration().duplicate());
        buffer.put(SECTION_START).putInt(layout.ramSectionId());
        putText("ram");
        buffer.putInt(0).putInt(RAM_VERSION);
        List<ImageLayout.Block> ram = places.blocks().subList(0, places.blocks().size() - 1);
        long total = ram.stream().mapToLong(ImageLayout.Block::byteLength).sum();
        buffer.putLong(total | FLAG_MEM_SIZE);
        for (ImageLayout.Block block : ram) {
            room(1 + 255 + 8);
            putText(block.name());
            buffer.putLong(block.byteLength());
        }
        endSection();
    }

    /** Sends the pending pages as one section; none when there are none. */
    void part(PendingPages pending) throws IOException {
        if (pending.count() == 0) {
            return;
        }
        room(5);
        buffer.put(SECTION_PART).putInt(layout.ramSectionId());
        current = null;
        pending.drain(this::page);
        endSection();
    }

    private void page(int page) throws IOException {
        room(MAX_RECORD_BYTES);
        ImageLayout.Block block = current;
        boolean same = block != null && page >= block.firstPage() && page < block.endPage();
        if (block == null || !same) {
            block = places.blockOf(page);
            current = block;
        }
        boolean zero = isZero(page);
        long offset = (long) (page - block.firstPage()) * PageMemory.PAGE_BYTES;
        buffer.putLong(offset | (zero ? FLAG_ZERO : FLAG_PAGE) | (same ? FLAG_CONTINUE : 0));
        if (!same) {
            putText(block.name());
        }
        if (zero) {
            buffer.put((byte) 0);
        } else {
            buffer.put(memory.view(page));
        }
        sentPages++;
    }

    /** Ends the memory and sends the device state: the standby runs as soon as it has read it. */
    void end(ByteBuffer deviceState) throws IOException {
        room(5);
        buffer.put(SECTION_END).putInt(layout.ramSectionId());
        endSection();
        writeOut(deviceState.duplicate());
    }

    private void endSection() throws IOException {
        room(8 + 5);
        buffer.putLong(FLAG_EOS).put(SECTION_FOOTER).putInt(layout.ramSectionId());
        flush();
    }

    private void putText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        buffer.put((byte) bytes.length).put(bytes);
    }

    private void room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
    }

    private void flush() throws IOException {
        writeOut(buffer.flip());
        buffer.clear();
    }

    private void writeOut(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
