/**
 * The page pipeline: what a checkpoint's dirty pages become on the wire, and how the backup turns them back.
 *
 * <p>{@link io.lull.worker.page.PagePipeline} compares each dirty page with the {@link io.lull.worker.page.Shadow} of
 * what was last sent, drops what did not change, and encodes the rest in chunks of up to 128 pages.
 * {@link io.lull.worker.page.PageDecoder} checks and applies such a chunk on the backup.
 *
 * <h2>The body of a chunk</h2>
 *
 * All integers are little-endian. A page is 4096 bytes: 64 lines of 8 words of 8 bytes.
 *
 * <pre>
 *   offset        bytes         field
 *   0             2             n: pages in this body, 1 to 128
 *   2             1 to 5 each   n page entries, in strictly ascending page order, each an unsigned varint (7 bits a
 *                               byte, lowest first, top bit set on all but the last byte, no superfluous last byte) of
 *                               (gap &lt;&lt; 1) | zero. The first entry's gap is its page number; a later one's is its
 *                               page number less the one before, less 1. zero = 1: the page is all zero now, and has
 *                               nothing in the planes below
 *   then          8 each        line masks: one for each page entry with zero = 0, in page order. Bit l is set where
 *                               line l (bytes 64 l to 64 l + 63) has a changed word. Never 0
 *   then          1 each        word masks: one for each bit set in the line masks, in page order, lines ascending. Bit
 *                               w is set where word w of the line (bytes 8 w to 8 w + 7) changed. Never 0
 *   then          8 each        words: one for each bit set in the word masks, in the same order, words ascending: the
 *                               new value of the word
 * </pre>
 *
 * Nothing follows the words. A page whose content on the backup is unknown is shipped whole: a line mask of all ones and
 * 64 word masks of 0xFF. Words are new values, never differences: applying a body twice is the same as applying it once,
 * so that a commit that was cut short can be repeated, and equal words in different pages stay equal for the codec.
 *
 * <p>The payload of a chunk is the body itself ({@link io.lull.worker.page.ChunkCodec#NONE}), one LZ4 block of it ({@link
 * io.lull.worker.page.ChunkCodec#LZ4}), or one or two Zstandard frames of it, one after the other, without magic number, content size and checksum
 * ({@link io.lull.worker.page.ChunkCodec#ZSTD}): the raw length and the CRC32C of the uncompressed body travel beside it.
 */
@NullMarked
package io.lull.worker.page;

import org.jspecify.annotations.NullMarked;
