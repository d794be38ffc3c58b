package io.lull.worker.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FrameHeaderTest {
    private static final FrameHeader PAGES =
            new FrameHeader(FrameType.PAGES, 1, 33, 0x0102030405060708L, 9, 100, 5000, 0xcafebabe);

    @Test
    void hasItsDocumentedPlaceForEveryField() {
        byte[] bytes = new byte[FrameHeader.BYTES];
        PAGES.encode(ByteBuffer.wrap(bytes));

        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo("4c554c4c" + "04" + "06" + "01" + "21" + "0807060504030201" + "09000000" + "64000000"
                        + "88130000" + "bebafeca");
    }

    @Test
    void survivesTheRoundTrip() throws ProtocolException {
        ByteBuffer bytes = ByteBuffer.allocate(40).position(5);
        PAGES.encode(bytes);
        bytes.flip().position(5);

        assertThat(FrameHeader.decode(bytes)).isEqualTo(PAGES);
        assertThat(bytes.position()).isEqualTo(5 + FrameHeader.BYTES);
    }

    @Test
    void refusesBytesThatAreNoFrame() {
        assertThatThrownBy(() -> FrameHeader.decode(ByteBuffer.allocate(32)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("not a frame");
    }

    @Test
    void tellsAnotherVersionFromGarbage() {
        ByteBuffer bytes = encoded().put(4, (byte) 1);

        assertThatThrownBy(() -> FrameHeader.decode(bytes))
                .isInstanceOfSatisfying(ProtocolException.class, e -> assertThat(e.isVersionMismatch())
                        .isTrue());
    }

    @Test
    void refusesLengthsAboveTheLimitOfTheType() {
        assertRefused(encoded().putInt(20, Integer.reverseBytes(FrameHeader.MAX_PAYLOAD_BYTES + 1)), "payload");
        assertRefused(encoded().putInt(20, -1), "payload");
        assertRefused(encoded().putInt(24, -1), "raw length");
        assertRefused(
                encoded().put(5, (byte) FrameType.ACK.code()).put(6, (byte) 0).put(7, (byte) 0), "ACK");
    }

    @Test
    void refusesACodecOutsideOfPages() {
        assertRefused(encoded().put(5, (byte) FrameType.DISK_WRITE.code()), "codec");
    }

    @Test
    void refusesUnknownTypesAndImpossiblePageCounts() {
        assertRefused(encoded().put(5, (byte) 0), "type");
        assertRefused(encoded().put(5, (byte) 99), "type");
        assertRefused(encoded().put(7, (byte) 0), "0 pages");
        assertRefused(encoded().put(7, (byte) 129), "129 pages");
    }

    @Test
    void refusesNegativeEpochsAndHugeSequences() {
        assertRefused(encoded().put(15, (byte) 0x80), "epoch");
        assertRefused(encoded().put(19, (byte) 0x7f), "sequence");
    }

    private static ByteBuffer encoded() {
        ByteBuffer bytes = ByteBuffer.allocate(32);
        PAGES.encode(bytes);
        return bytes.flip();
    }

    private static void assertRefused(ByteBuffer bytes, String what) {
        assertThatThrownBy(() -> FrameHeader.decode(bytes))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(what);
    }
}
