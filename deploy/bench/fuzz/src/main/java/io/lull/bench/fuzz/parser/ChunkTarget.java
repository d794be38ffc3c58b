package io.lull.bench.fuzz.parser;

import io.lull.worker.backup.SmallVm;
import io.lull.worker.page.ChunkCodec;
import io.lull.worker.page.EncodedChunk;
import io.lull.worker.page.PageDecoder;
import io.lull.worker.page.PageFormatException;
import io.lull.worker.page.PageMemory;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Chunks of pages alone: decompression, the checks of a body, and the writing of words outside the heap. */
final class ChunkTarget implements Target {
    private static final Bounds BOUNDS = new Bounds(64 << 10, 20);
    private static final int EPOCHS = 20;

    private final PageMemory image = PageMemory.anonymous(SmallVm.PAGES);
    private final PageDecoder decoder = new PageDecoder();
    private final ByteBuffer payload = ByteBuffer.allocateDirect(FrameHeader.MAX_PAYLOAD_BYTES);

    @Override
    public List<Conversation> corpus() {
        List<Conversation> corpus = new ArrayList<>();
        try (SmallVm vm = new SmallVm(3)) {
            for (ChunkCodec codec : ChunkCodec.values()) {
                add(vm.whole(1, codec), corpus);
                for (int epoch = 2; epoch < EPOCHS; epoch++) {
                    add(vm.epoch(epoch, codec), corpus);
                }
            }
        }
        return corpus;
    }

    private static void add(List<Frame> frames, List<Conversation> corpus) {
        frames.stream()
                .filter(frame -> frame.header().type() == FrameType.PAGES)
                .map(frame -> Conversation.of(FrameSeal.bytes(frame)))
                .forEach(corpus::add);
    }

    @Override
    public Conversation sealed(Conversation mutated) {
        return FrameSeal.sealed(mutated);
    }

    @Override
    public void run(byte[] input) throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(input);
        if (input.length < FrameHeader.BYTES) {
            return;
        }
        FrameHeader header = FrameHeader.decode(bytes);
        int length = Math.min(bytes.remaining(), header.payloadBytes());
        payload.clear().put(bytes.slice(bytes.position(), length)).flip();
        ByteBuffer body = decoder.unpack(new EncodedChunk(
                ChunkCodec.ofWireId(header.codec()), header.pages(), header.rawBytes(), header.crc32c(), payload));
        PageDecoder.apply(body, image, page -> image.view(page).get(0));
    }

    @Override
    public boolean refuses(Throwable thrown) {
        return thrown instanceof PageFormatException || thrown instanceof ProtocolException;
    }

    @Override
    public Bounds bounds() {
        return BOUNDS;
    }

    @Override
    public void checkUnharmed() throws Exception {
        try (SmallVm vm = new SmallVm(4)) {
            for (Frame frame : vm.whole(1, ChunkCodec.LZ4)) {
                if (frame.header().type() == FrameType.PAGES) {
                    run(FrameSeal.bytes(frame));
                }
            }
            byte[] page = new byte[PageMemory.PAGE_BYTES];
            for (int i = 0; i < SmallVm.PAGES; i++) {
                image.view(i).get(page);
                if (ByteBuffer.wrap(page).mismatch(ByteBuffer.wrap(vm.image(), i * page.length, page.length)) >= 0) {
                    throw new IllegalStateException("page " + i + " is not what a good chunk says");
                }
            }
        }
    }

    @Override
    public void close() {
        image.close();
    }
}
