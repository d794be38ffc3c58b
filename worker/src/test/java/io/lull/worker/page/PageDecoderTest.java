package io.lull.worker.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.page.PrimaryAndBackup.Change;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PageDecoderTest {
    private static final long SEED = Long.getLong("lull.test.seed", 77001L);
    private static final int FUZZ_ROUNDS = 20_000;
    /** Page 5 with word 3 of line 2 and word 0 of line 63; page 6 all zero; page 200 with word 7 of line 0. */
    private static final String BODY = "0300" + "0a" + "01" + "8203"
            + "0400000000000080" + "0100000000000000"
            + "08" + "01" + "80"
            + "8877665544332211" + "0100000000000000" + "ffffffffffffffff";

    @Test
    void encodesAndAppliesTheDocumentedBytes() throws Exception {
        try (PrimaryAndBackup pair = new PrimaryAndBackup(300, 1, SEED)) {
            for (int page : new int[] {5, 6, 200}) {
                pair.change(page, Change.DENSE);
            }
            pair.apply(pair.encode(ChunkCodec.NONE).chunks());
            ByteBuffer five = pair.guest.view(5);
            five.putLong(2 * 64 + 3 * 8, 0x1122334455667788L).putLong(63 * 64, 1);
            pair.guest.view(200).putLong(7 * 8, -1);
            pair.change(5, Change.NONE);
            pair.change(6, Change.ZEROED);
            pair.change(200, Change.NONE);
            List<EncodedChunk> chunks = pair.encode(ChunkCodec.LZ4).chunks();
            assertThat(chunks).hasSize(1);
            EncodedChunk chunk = chunks.get(0);
            assertThat(hex(chunk.payload())).isEqualTo(BODY);
            assertThat(chunk.codec()).isEqualTo(ChunkCodec.NONE);
            assertThat(chunk.pageCount()).isEqualTo(3);
            assertThat(chunk.crc32c()).isEqualTo(crc(HexFormat.of().parseHex(BODY)));
            assertThat(pair.apply(chunks)).containsExactly(5, 6, 200);
            assertThat(PrimaryAndBackup.differingPages(pair.guest, pair.backup)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "00                                        | ends inside its page count",
                "0000                                      | 1 to 128 pages, not 0",
                "8100                                      | 1 to 128 pages, not 129",
                "0100                                      | ends inside its page entries",
                "0100 80                                   | ends inside its page entries",
                "0100 8000                                 | superfluous byte",
                "0100 ffffffffff01                         | more than 5 bytes",
                "0100 ffffffff7f                           | of an image of 10 pages",
                "0100 15                                   | page 10 of an image of 10 pages",
                "0200 13 01                                | page 10 of an image of 10 pages",
                "0100 00 01000000000000                    | ends inside its line masks",
                "0100 00 0000000000000000                  | empty line mask",
                "0100 00 0300000000000000 01               | ends inside its word masks",
                "0100 00 0100000000000000 00               | empty word mask",
                "0100 00 0100000000000000 01 01020304050607 | ends inside its words",
                "0100 01 00                                | 1 bytes follow the words",
            })
    void refusesABodyThatBreaksTheFormatAndSaysWhere(String hex, String problem) {
        ByteBuffer body = ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
        assertThatThrownBy(() -> PageDecoder.validate(body, 10))
                .isInstanceOf(PageFormatException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void refusesEveryTruncationOfABody() throws Exception {
        for (byte[] body : bodies()) {
            for (int length = 0; length < body.length; length += 1 + length / 64) {
                ByteBuffer cut = ByteBuffer.wrap(body, 0, length);
                assertThatThrownBy(() -> PageDecoder.validate(cut, 128)).isInstanceOf(PageFormatException.class);
            }
        }
    }

    @Test
    void fuzzedBodiesEitherApplyOrLeaveTheImageUntouched() throws Exception {
        List<byte[]> bodies = bodies();
        int refused = 0;
        try (PrimaryAndBackup pair = new PrimaryAndBackup(128, 1, SEED)) {
            for (int page = 0; page < 128; page++) {
                pair.backup.view(page).put(0, (byte) 1);
            }
            long before = checksum(pair.backup);
            for (int round = 0; round < FUZZ_ROUNDS; round++) {
                byte[] fuzzed = bodies.get(pair.random.nextInt(bodies.size())).clone();
                int reach = pair.random.nextBoolean() ? Math.min(fuzzed.length, 600) : fuzzed.length;
                for (int flips = pair.random.nextInt(4); flips >= 0; flips--) {
                    fuzzed[pair.random.nextInt(reach)] = (byte) pair.random.nextInt();
                }
                List<Integer> changed = new ArrayList<>();
                try {
                    PageDecoder.apply(ByteBuffer.wrap(fuzzed), pair.backup, changed::add);
                    before = checksum(pair.backup);
                } catch (PageFormatException e) {
                    refused++;
                    assertThat(changed).isEmpty();
                    assertThat(checksum(pair.backup)).isEqualTo(before);
                }
            }
        }
        assertThat(refused).isBetween(FUZZ_ROUNDS / 20, FUZZ_ROUNDS - 1);
    }

    @ParameterizedTest
    @EnumSource(
            value = ChunkCodec.class,
            names = {"LZ4", "ZSTD"})
    void fuzzedPayloadsAreRefusedByTheirChecksum(ChunkCodec codec) throws Exception {
        PageDecoder decoder = new PageDecoder();
        try (PrimaryAndBackup pair = new PrimaryAndBackup(128, 1, SEED)) {
            pair.changeSome(1.0);
            List<EncodedChunk> chunks = pair.encode(codec).chunks();
            assertThat(chunks).allMatch(chunk -> chunk.codec() == codec);
            for (int round = 0; round < FUZZ_ROUNDS; round++) {
                EncodedChunk chunk = chunks.get(round % chunks.size());
                byte[] payload = toArray(chunk.payload());
                int at = pair.random.nextInt(payload.length);
                payload[at] ^= (byte) (1 + pair.random.nextInt(255));
                ByteBuffer cut =
                        ByteBuffer.wrap(payload, 0, payload.length - pair.random.nextInt(2) * pair.random.nextInt(9));
                EncodedChunk fuzzed =
                        new EncodedChunk(chunk.codec(), chunk.pageCount(), chunk.rawLength(), chunk.crc32c(), cut);
                try {
                    assertThat(toArray(decoder.unpack(fuzzed))).isEqualTo(toArray(decoder.unpack(chunk)));
                } catch (PageFormatException e) {
                    assertThat(e).hasMessageMatching("(?s).*(LZ4 refuses|Zstandard refuses|came to|CRC32C).*");
                }
            }
        }
    }

    @Test
    void freesTheMemoryOfItsCodecsWhenItIsClosed() {
        PageDecoder decoder = new PageDecoder();
        decoder.close();
        EncodedChunk chunk = new EncodedChunk(ChunkCodec.ZSTD, 1, 100, 0, ByteBuffer.allocateDirect(8));
        assertThatThrownBy(() -> decoder.unpack(chunk))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @ParameterizedTest
    @CsvSource({"LZ4,2147483647", "LZ4,-1", "NONE,2147483647", "NONE,1", "LZ4,534147", "ZSTD,2147483647", "ZSTD,534147"
    })
    void refusesALengthThatNoChunkCanHave(ChunkCodec codec, int rawLength) {
        EncodedChunk chunk = new EncodedChunk(codec, 1, rawLength, 0, ByteBuffer.allocate(8));
        assertThatThrownBy(() -> new PageDecoder().unpack(chunk))
                .isInstanceOf(PageFormatException.class)
                .hasMessageContaining("claims " + rawLength);
    }

    @Test
    void refusesAnEmptyPayloadAndAWrongLengthOrPageCount() {
        byte[] body = HexFormat.of().parseHex(BODY);
        PageDecoder decoder = new PageDecoder();
        int crc = crc(body);
        assertThatThrownBy(() -> decoder.unpack(new EncodedChunk(ChunkCodec.LZ4, 3, 46, crc, ByteBuffer.allocate(0))))
                .isInstanceOf(PageFormatException.class);
        assertThatThrownBy(() -> decoder.unpack(
                        new EncodedChunk(ChunkCodec.NONE, 3, body.length + 1, crc, ByteBuffer.wrap(body))))
                .isInstanceOf(PageFormatException.class)
                .hasMessageContaining("claims " + (body.length + 1));
        assertThatThrownBy(() ->
                        decoder.unpack(new EncodedChunk(ChunkCodec.NONE, 4, body.length, crc, ByteBuffer.wrap(body))))
                .isInstanceOf(PageFormatException.class)
                .hasMessageContaining("claims 4 pages");
        assertThatThrownBy(() -> ChunkCodec.ofWireId(9)).isInstanceOf(PageFormatException.class);
    }

    private static List<byte[]> bodies() throws PageFormatException {
        List<byte[]> bodies = new ArrayList<>();
        try (PrimaryAndBackup pair = new PrimaryAndBackup(128, 1, SEED)) {
            for (int checkpoint = 0; checkpoint < 3; checkpoint++) {
                pair.changeSome(checkpoint == 0 ? 1.0 : 0.5);
                pair.encode(ChunkCodec.NONE).chunks().forEach(chunk -> bodies.add(toArray(chunk.payload())));
            }
        }
        return bodies;
    }

    private static byte[] toArray(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static String hex(ByteBuffer buffer) {
        return HexFormat.of().formatHex(toArray(buffer));
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static long checksum(PageMemory memory) {
        CRC32C crc = new CRC32C();
        for (int page = 0; page < memory.pages(); page++) {
            crc.update(memory.view(page));
        }
        return crc.getValue();
    }
}
