package io.lull.worker.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every codec must do, on bodies of all sizes and kinds, and on hostile payloads. */
class CodecContractTest {
    private static final long SEED = Long.getLong("lull.test.seed", 8080L);
    private static final int HOSTILE_ROUNDS = 20_000;

    @ParameterizedTest
    @EnumSource(
            value = ChunkCodec.class,
            names = {"LZ4", "ZSTD"})
    void restoresWhatItCompressedWithinItsBound(ChunkCodec codec) throws PageFormatException {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        try (BodyCompressor compressor = compressor(codec)) {
            ByteBuffer out = ByteBuffer.allocateDirect(compressor.bound(ChunkFormat.MAX_BODY_BYTES));
            ByteBuffer back = ByteBuffer.allocateDirect(ChunkFormat.MAX_BODY_BYTES);
            for (int round = 0; round < 200; round++) {
                ByteBuffer body = body(round, random);
                int size = compressor.compress(
                        body, random.nextInt(body.remaining() + 1), 1 + random.nextInt(128), out.clear());
                assertThat(size).isBetween(1, compressor.bound(body.remaining()));
                int length = decompressor(codec).decompress(out.limit(size), back, body.remaining());
                assertThat(back.slice(0, length)).isEqualTo(body);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ChunkCodec.class,
            names = {"LZ4", "ZSTD"})
    void aPayloadThatClaimsMoreThanTheLimitIsRefusedAndNothingIsWrittenBeyondIt(ChunkCodec codec) {
        ByteBuffer body = ByteBuffer.allocateDirect(ChunkFormat.MAX_BODY_BYTES);
        ByteBuffer back = ByteBuffer.allocateDirect(ChunkFormat.MAX_BODY_BYTES);
        try (BodyCompressor compressor = compressor(codec)) {
            ByteBuffer out = ByteBuffer.allocateDirect(compressor.bound(body.capacity()));
            out.limit(compressor.compress(body, 100, 128, out));
            for (int limit : new int[] {1, 100, 4096, body.capacity() - 1}) {
                back.put(limit, (byte) 7);
                assertThatThrownBy(() -> decompressor(codec).decompress(out, back, limit))
                        .isInstanceOf(PageFormatException.class);
                assertThat(back.get(limit)).isEqualTo((byte) 7);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ChunkCodec.class,
            names = {"LZ4", "ZSTD"})
    void hostilePayloadsAreRefusedOrStayWithinTheLimit(ChunkCodec codec) {
        Random random = new Random(SEED);
        BodyDecompressor decompressor = decompressor(codec);
        ByteBuffer back = ByteBuffer.allocateDirect(4096);
        ByteBuffer out = ByteBuffer.allocateDirect(1 << 20);
        try (BodyCompressor compressor = compressor(codec)) {
            for (int round = 0; round < HOSTILE_ROUNDS; round++) {
                byte[] noise = new byte[1 + random.nextInt(200)];
                random.nextBytes(noise);
                ByteBuffer payload = ByteBuffer.wrap(noise);
                if (round % 2 == 0) {
                    int size = compressor.compress(body(round % 40, random), 1, 1, out.clear());
                    payload = out.limit(size);
                    payload.put(random.nextInt(size), (byte) random.nextInt());
                }
                int limit = 1 + random.nextInt(4000);
                back.put(limit, (byte) 9);
                try {
                    assertThat(decompressor.decompress(payload, back, limit)).isBetween(0, limit);
                } catch (PageFormatException e) {
                    assertThat(e).hasMessageContaining("refuses");
                }
                assertThat(back.get(limit)).isEqualTo((byte) 9);
            }
        }
    }

    private static ByteBuffer body(int round, Random random) {
        int bytes = round < 40 ? 1 + round * 9 : 1 + random.nextInt(ChunkFormat.MAX_BODY_BYTES);
        byte[] content = new byte[bytes];
        if (round % 3 == 0) {
            random.nextBytes(content);
        } else {
            for (int i = 0; i < bytes; i += 1 + random.nextInt(round % 3 == 1 ? 8 : 200)) {
                content[i] = (byte) random.nextInt(4);
            }
        }
        return ByteBuffer.allocateDirect(bytes).put(content).flip();
    }

    private static BodyCompressor compressor(ChunkCodec codec) {
        return codec == ChunkCodec.LZ4 ? new NativeLz4.Compressor() : new NativeZstd.Compressor();
    }

    private static BodyDecompressor decompressor(ChunkCodec codec) {
        return codec == ChunkCodec.LZ4 ? new NativeLz4.Decompressor() : new NativeZstd.Decompressor();
    }
}
