package io.lull.worker.page;

/**
 * What encoding one checkpoint came to.
 *
 * @param dirtyPages pages that were staged: the sum of the next four
 * @param unchangedPages pages that equal what the backup holds; not shipped
 * @param zeroPages pages shipped as one bit
 * @param deltaPages pages shipped as their changed words
 * @param rawPages pages shipped whole, since their content on the backup was unknown
 * @param chunks chunks handed to the sink
 * @param codec what most of these chunks were compressed with
 * @param deltaBytes bytes of all bodies before compression
 * @param encodedBytes bytes of all payloads
 * @param deltaNanos time in comparing and building bodies, summed over the threads
 * @param compressNanos time in the codec, summed over the threads
 */
public record EncodeResult(
        int dirtyPages,
        int unchangedPages,
        int zeroPages,
        int deltaPages,
        int rawPages,
        int chunks,
        ChunkCodec codec,
        long deltaBytes,
        long encodedBytes,
        long deltaNanos,
        long compressNanos) {
    public EncodeResult {
        if (dirtyPages != unchangedPages + zeroPages + deltaPages + rawPages) {
            throw new IllegalArgumentException("of " + dirtyPages + " dirty pages, " + unchangedPages
                    + " are unchanged, " + zeroPages + " zero, " + deltaPages + " deltas and " + rawPages
                    + " raw, which is not all of them");
        }
    }
}
