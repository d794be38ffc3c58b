package io.lull.worker.page;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;

/** A body that was found to keep to the format, and where its planes begin. */
final class BodyReader {
    private static final int ZERO_FLAG = 1;

    private final ByteBuffer body;
    private final int[] entries;
    private final int lineMasksAt;
    private final int wordMasksAt;
    private final int wordsAt;

    private BodyReader(ByteBuffer body, int[] entries, int lineMasksAt, int wordMasksAt, int wordsAt) {
        this.body = body;
        this.entries = entries;
        this.lineMasksAt = lineMasksAt;
        this.wordMasksAt = wordMasksAt;
        this.wordsAt = wordsAt;
    }

    /** Checks a body for an image of {@code totalPages} pages. */
    static BodyReader check(ByteBuffer source, int totalPages) throws PageFormatException {
        ByteBuffer body = source.slice().order(ByteOrder.LITTLE_ENDIAN);
        int[] entries = new int[readCount(body)];
        int contentPages = readEntries(body, entries, totalPages);
        int lineMasksAt = body.position();
        int wordMasksAt = require(body, lineMasksAt, contentPages * ChunkFormat.LINE_MASK_BYTES, "line masks");
        int lines = 0;
        for (int at = lineMasksAt; at < wordMasksAt; at += ChunkFormat.LINE_MASK_BYTES) {
            lines += requireBits(Long.bitCount(body.getLong(at)), "line mask", at);
        }
        int wordsAt = require(body, wordMasksAt, lines, "word masks");
        int words = 0;
        for (int at = wordMasksAt; at < wordsAt; at++) {
            words += requireBits(Integer.bitCount(Byte.toUnsignedInt(body.get(at))), "word mask", at);
        }
        int end = require(body, wordsAt, words * DeltaKernel.WORD_BYTES, "words");
        if (end != body.limit()) {
            throw new PageFormatException((body.limit() - end) + " bytes follow the words of a chunk");
        }
        return new BodyReader(body, entries, lineMasksAt, wordMasksAt, wordsAt);
    }

    /** Tells the number of each page of a body, in ascending order; what follows the numbers is not looked at. */
    static void forEachPage(ByteBuffer source, int totalPages, IntConsumer page) throws PageFormatException {
        ByteBuffer body = source.slice().order(ByteOrder.LITTLE_ENDIAN);
        int[] entries = new int[readCount(body)];
        readEntries(body, entries, totalPages);
        for (int entry : entries) {
            page.accept(entry >>> 1);
        }
    }

    private static int readCount(ByteBuffer body) throws PageFormatException {
        require(body, 0, ChunkFormat.COUNT_BYTES, "page count");
        int count = Short.toUnsignedInt(body.getShort());
        if (count < 1 || count > ChunkFormat.MAX_PAGES) {
            throw new PageFormatException("a chunk has 1 to " + ChunkFormat.MAX_PAGES + " pages, not " + count);
        }
        return count;
    }

    /** Reads the page entries as page number and zero flag; returns how many have content. */
    private static int readEntries(ByteBuffer body, int[] entries, int totalPages) throws PageFormatException {
        int contentPages = 0;
        long page = -1;
        for (int i = 0; i < entries.length; i++) {
            long entry = readVarint(body);
            page += (entry >>> 1) + 1;
            if (page >= totalPages) {
                throw new PageFormatException(
                        "page entry " + i + " of a chunk is page " + page + " of an image of " + totalPages + " pages");
            }
            int zero = (int) (entry & ZERO_FLAG);
            entries[i] = (int) (page << 1) | zero;
            contentPages += 1 - zero;
        }
        return contentPages;
    }

    private static long readVarint(ByteBuffer body) throws PageFormatException {
        long value = 0;
        for (int i = 0; i < ChunkFormat.MAX_VARINT_BYTES; i++) {
            require(body, body.position(), 1, "page entries");
            byte next = body.get();
            value |= (long) (next & 0x7F) << (7 * i);
            if (next >= 0) {
                if (next == 0 && i > 0) {
                    throw new PageFormatException(
                            "a page entry ends in a superfluous byte at " + (body.position() - 1));
                }
                return value;
            }
        }
        throw new PageFormatException(
                "a page entry has more than " + ChunkFormat.MAX_VARINT_BYTES + " bytes before byte " + body.position());
    }

    private static int require(ByteBuffer body, int at, int bytes, String what) throws PageFormatException {
        if (bytes > body.limit() - at) {
            throw new PageFormatException("a chunk of " + body.limit() + " bytes ends inside its " + what
                    + ", which need " + bytes + " at byte " + at);
        }
        return at + bytes;
    }

    private static int requireBits(int bits, String what, int at) throws PageFormatException {
        if (bits == 0) {
            throw new PageFormatException("a chunk has an empty " + what + " at byte " + at);
        }
        return bits;
    }

    /** Writes the new contents to an image of the size that was checked. */
    void apply(PageMemory image, IntConsumer changedPage) {
        int lineMask = lineMasksAt;
        int wordMask = wordMasksAt;
        int word = wordsAt;
        for (int entry : entries) {
            int page = entry >>> 1;
            long target = image.address(page);
            if ((entry & ZERO_FLAG) != 0) {
                OffHeap.fill(target, PageMemory.PAGE_BYTES, (byte) 0);
            } else {
                long lines = body.getLong(lineMask);
                lineMask += ChunkFormat.LINE_MASK_BYTES;
                word = applyLines(target, lines, wordMask, word);
                wordMask += Long.bitCount(lines);
            }
            changedPage.accept(page);
        }
    }

    private int applyLines(long page, long lines, int firstWordMask, int firstWord) {
        int wordMask = firstWordMask;
        int word = firstWord;
        for (long rest = lines; rest != 0; rest &= rest - 1) {
            long line = page + (long) Long.numberOfTrailingZeros(rest) * DeltaKernel.LINE_BYTES;
            for (int mask = Byte.toUnsignedInt(body.get(wordMask)); mask != 0; mask &= mask - 1) {
                OffHeap.putLong(
                        line + (long) Integer.numberOfTrailingZeros(mask) * DeltaKernel.WORD_BYTES, body.getLong(word));
                word += DeltaKernel.WORD_BYTES;
            }
            wordMask++;
        }
        return word;
    }
}
