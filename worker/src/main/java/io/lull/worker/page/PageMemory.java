package io.lull.worker.page;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory of a fixed number of pages of 4096 bytes outside the Java heap, its own or a shared mapping of a file.
 *
 * <p>Pages are numbered from 0. A page is contiguous and aligned to its size; neighbouring pages need not touch, since
 * memory comes in pieces: of a file as no more can be mapped at once, of this process as no thread runs while a piece is freed. Addresses and views are valid until {@link #close()}; using one later may kill the process.
 * Reading and writing is not synchronised: one writer per page at a time.
 */
public final class PageMemory implements AutoCloseable {
    /** Bytes of a page. */
    public static final int PAGE_BYTES = 4096;

    /** Most pages of one memory: 4 TiB. */
    public static final int MAX_PAGES = 1 << 30;

    private static final int PIECE_SHIFT = 16;
    private static final int PIECE_PAGES = 1 << PIECE_SHIFT;
    private static final int PAGE_SHIFT = 12;

    private final int pages;
    private final long[] pieces;
    private final List<MappedByteBuffer> mappings;
    private final List<Long> allocations;
    private volatile boolean closed;

    private PageMemory(int pages, long[] pieces, List<MappedByteBuffer> mappings, List<Long> allocations) {
        this.pages = pages;
        this.pieces = pieces;
        this.mappings = mappings;
        this.allocations = allocations;
    }

    /**
     * New zeroed memory of this process.
     *
     * @throws IllegalArgumentException unless {@code pages} is from 1 to {@link #MAX_PAGES}
     * @throws OutOfMemoryError when the system has not so much memory
     */
    public static PageMemory anonymous(int pages) {
        PageMemory memory = unwritten(pages);
        for (int i = 0; i < memory.pieces.length; i++) {
            OffHeap.fillMuch(memory.pieces[i], (long) piecePages(pages, i) * PAGE_BYTES, (byte) 0);
        }
        return memory;
    }

    /**
     * New memory of this process with any content, of which the system gives out each page when it is written first: the
     * memory of a large guest takes seconds to give out. Errors as for {@link #anonymous}.
     */
    public static PageMemory unwritten(int pages) {
        checkSize(pages);
        // The system refuses what it never has room for only where that is asked for at once.
        OffHeap.free(OffHeap.allocate((long) pages * PAGE_BYTES));
        long[] pieces = new long[pieceCount(pages)];
        List<Long> allocations = new ArrayList<>(pieces.length);
        try {
            for (int i = 0; i < pieces.length; i++) {
                long allocation = OffHeap.allocate((piecePages(pages, i) + 1L) * PAGE_BYTES);
                allocations.add(allocation);
                pieces[i] = (allocation + PAGE_BYTES - 1) & -PAGE_BYTES;
            }
        } catch (OutOfMemoryError e) {
            allocations.forEach(OffHeap::free);
            throw e;
        }
        return new PageMemory(pages, pieces, List.of(), allocations);
    }

    /**
     * Memory shared with a file that this call creates, zeroed; another process that maps the file sees every write.
     *
     * @throws java.nio.file.FileAlreadyExistsException when the file exists
     * @throws IOException when the file can't be created, extended or mapped; none is left then
     */
    public static PageMemory createFile(Path file, int pages) throws IOException {
        checkSize(pages);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            try {
                return map(channel, FileChannel.MapMode.READ_WRITE, pages);
            } catch (IOException | RuntimeException | Error e) {
                Files.deleteIfExists(file);
                throw e;
            }
        }
    }

    /**
     * Memory shared with the first pages of a file that exists.
     *
     * @throws IOException when the file is missing, shorter than {@code pages} pages, or can't be mapped
     */
    public static PageMemory openFile(Path file, int pages) throws IOException {
        checkSize(pages);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            requireLength(file, channel, pages);
            return map(channel, FileChannel.MapMode.READ_WRITE, pages);
        }
    }

    /**
     * As {@link #openFile}, for looking only: a write to this memory kills the process.
     *
     * @throws IOException when the file is missing, shorter than {@code pages} pages, or can't be mapped
     */
    public static PageMemory openFileToRead(Path file, int pages) throws IOException {
        checkSize(pages);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            requireLength(file, channel, pages);
            return map(channel, FileChannel.MapMode.READ_ONLY, pages);
        }
    }

    private static void requireLength(Path file, FileChannel channel, int pages) throws IOException {
        long needed = (long) pages * PAGE_BYTES;
        if (channel.size() < needed) {
            throw new IOException(file + " has " + channel.size() + " bytes, but " + pages + " pages need " + needed
                    + "; it is not the image of this VM");
        }
    }

    private static PageMemory map(FileChannel channel, FileChannel.MapMode mode, int pages) throws IOException {
        long[] pieces = new long[pieceCount(pages)];
        List<MappedByteBuffer> mappings = new ArrayList<>(pieces.length);
        try {
            for (int i = 0; i < pieces.length; i++) {
                long offset = (long) i << (PIECE_SHIFT + PAGE_SHIFT);
                MappedByteBuffer mapping = channel.map(mode, offset, (long) piecePages(pages, i) * PAGE_BYTES);
                mappings.add(mapping);
                pieces[i] = OffHeap.address(mapping);
            }
        } catch (IOException | RuntimeException | Error e) {
            mappings.forEach(OffHeap::unmap);
            throw e;
        }
        return new PageMemory(pages, pieces, mappings, List.of());
    }

    /** How many pages it has. */
    public int pages() {
        return pages;
    }

    /**
     * The address of a page's first byte.
     *
     * @throws IndexOutOfBoundsException when there is no such page
     * @throws IllegalStateException when the memory is closed
     */
    public long address(int page) {
        if (page < 0 || page >= pages) {
            throw new IndexOutOfBoundsException("page " + page + " of a memory of " + pages + " pages");
        }
        if (closed) {
            throw new IllegalStateException("page " + page + " was asked of a page memory that is closed");
        }
        return pieces[page >>> PIECE_SHIFT] + ((long) (page & (PIECE_PAGES - 1)) << PAGE_SHIFT);
    }

    /** A page as a little-endian buffer of 4096 bytes, position 0; writes go to the page. Errors as for {@link #address}. */
    public ByteBuffer view(int page) {
        return OffHeap.buffer(address(page), PAGE_BYTES);
    }

    /** Frees or unmaps the memory; a file stays. Only the first call has an effect. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        allocations.forEach(OffHeap::free);
        mappings.forEach(OffHeap::unmap);
    }

    private static int piecePages(int pages, int piece) {
        return Math.min(PIECE_PAGES, pages - piece * PIECE_PAGES);
    }

    private static int pieceCount(int pages) {
        return (pages + PIECE_PAGES - 1) >>> PIECE_SHIFT;
    }

    private static void checkSize(int pages) {
        if (pages < 1 || pages > MAX_PAGES) {
            throw new IllegalArgumentException("a page memory has 1 to " + MAX_PAGES + " pages, not " + pages);
        }
    }
}
