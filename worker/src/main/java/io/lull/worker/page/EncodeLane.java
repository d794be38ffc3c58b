package io.lull.worker.page;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/** What one thread encodes chunks with: kernel, memory, codecs, counts. */
final class EncodeLane implements AutoCloseable {
    private final EncodeTally tally = new EncodeTally();
    private final PageEncoder encoder;
    private final ChunkCompressor compressor = new ChunkCompressor();
    private final PoorRanges poor;
    private final LongSupplier nanoClock;

    EncodeLane(Shadow shadow, PoorRanges poor, LongSupplier nanoClock) {
        this.encoder = new PageEncoder(shadow, KernelChoice.create(), tally);
        this.poor = poor;
        this.nanoClock = nanoClock;
    }

    /** Encodes the pages from number {@code first} to before number {@code end} of those staged as one chunk. */
    void encode(StagedPages pages, int first, int end, CodecChoice codec, ChunkSink sink) {
        long start = nanoClock.getAsLong();
        encoder.begin();
        for (int i = first; i < end; i++) {
            encoder.add(pages.page(i), pages.address(i));
        }
        if (encoder.pageCount() == 0) {
            tally.deltaNanos += nanoClock.getAsLong() - start;
            return;
        }
        ByteBuffer body = encoder.finish();
        int rawLength = body.remaining();
        long encoded = nanoClock.getAsLong();
        compress(body, pages.page(first), codec);
        long done = nanoClock.getAsLong();
        tally.chunk(compressor.codec(), rawLength, compressor.payload().remaining());
        tally.deltaNanos += encoded - start;
        tally.compressNanos += done - encoded;
        sink.accept(compressor.codec(), encoder.pageCount(), rawLength, compressor.checksum(), compressor.payload());
    }

    private void compress(ByteBuffer body, int firstPage, CodecChoice codec) {
        ChunkCodec wanted = codec.next();
        boolean worthIt = wanted != ChunkCodec.NONE && poor.worthTrying(firstPage);
        compressor.seal(body, encoder.maskBytes(), encoder.pageCount(), worthIt ? wanted : ChunkCodec.NONE);
        if (worthIt && body.remaining() > ChunkCompressor.SMALL_BODY_BYTES) {
            poor.tried(firstPage, body.remaining(), compressor.payload().remaining());
        }
    }

    /** Adds the counts to a sum and begins new ones; only while no thread encodes. */
    void drainTo(EncodeTally sum) {
        sum.add(tally);
        tally.clear();
    }

    @Override
    public void close() {
        compressor.close();
    }
}
