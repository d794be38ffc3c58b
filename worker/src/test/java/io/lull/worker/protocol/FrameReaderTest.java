package io.lull.worker.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private final Random random = new Random(SEED);

    FrameReaderTest() {
        System.out.println("FrameReaderTest: -Dlull.seed=" + SEED);
    }

    @Test
    void cutsAStreamThatArrivesInDribsIntoTheSameFrames() throws IOException {
        List<Frame> sent = new ArrayList<>();
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int i = 0; i < 60; i++) {
            byte[] data = new byte[1 + random.nextInt(random.nextInt(8) == 0 ? DiskWrite.MAX_DATA_BYTES : 500)];
            random.nextBytes(data);
            Frame frame = new DiskWrite(i, ByteBuffer.wrap(data)).frame(7, i);
            sent.add(frame);
            stream.writeBytes(bytesOf(frame));
        }

        FrameReader reader = new FrameReader(dribbling(stream.toByteArray()));
        for (Frame expected : sent) {
            Frame frame = reader.next().orElseThrow();
            assertThat(frame).isEqualTo(expected);
            FrameReader.checkCrc(frame);
        }
        assertThat(reader.next()).isEmpty();
    }

    @Test
    void keepsALargeBufferForThoseWhoHaveSentAsMuchAsTheSmallOneHolds() throws IOException {
        byte[] header = new byte[FrameHeader.BYTES + FrameReader.FIRST_BYTES];
        byte[] claim = bytesOf(new DiskWrite(0, ByteBuffer.allocate(DiskWrite.MAX_DATA_BYTES)).frame(1, 0));
        System.arraycopy(claim, 0, header, 0, header.length);
        List<Integer> rooms = new ArrayList<>();
        ReadableByteChannel from = Channels.newChannel(new ByteArrayInputStream(header));
        FrameReader reader = new FrameReader(new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer into) throws IOException {
                rooms.add(into.remaining());
                return from.read(into.limit(Math.min(into.limit(), into.position() + 1000)));
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        });

        assertThatThrownBy(reader::next).isInstanceOf(EOFException.class);

        int small = FrameReader.FIRST_BYTES;
        assertThat(rooms.subList(0, small / 1000)).allMatch(room -> room <= small);
        assertThat(rooms.get(rooms.size() - 1)).isGreaterThan(DiskWrite.MAX_DATA_BYTES);
    }

    @Test
    void tellsAnEndInsideAFrameFromOneBetweenFrames() throws IOException {
        byte[] bytes = bytesOf(new DiskZero(1, 2).frame(3, 4));
        for (int length = 1; length < bytes.length; length++) {
            byte[] head = new byte[length];
            System.arraycopy(bytes, 0, head, 0, length);
            FrameReader reader = new FrameReader(dribbling(head));
            assertThatThrownBy(reader::next).isInstanceOf(EOFException.class);
        }
        FrameReader reader = new FrameReader(dribbling(bytes));
        assertThat(reader.next()).isPresent();
        assertThat(reader.next()).isEqualTo(Optional.empty());
    }

    @Test
    void findsAFlippedBitByItsCrc() throws IOException {
        byte[] bytes = bytesOf(new DiskZero(1, 2).frame(3, 4));
        bytes[FrameHeader.BYTES + 3] ^= 16;
        Frame frame = new FrameReader(dribbling(bytes)).next().orElseThrow();

        assertThatThrownBy(() -> FrameReader.checkCrc(frame))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("CRC32C");
    }

    private static byte[] bytesOf(Frame frame) {
        ByteBuffer bytes =
                ByteBuffer.allocate(FrameHeader.BYTES + frame.payload().remaining());
        frame.header().encode(bytes);
        return bytes.put(frame.payload().duplicate()).array();
    }

    /** A channel whose reads return between one byte and all that fits. */
    private ReadableByteChannel dribbling(byte[] bytes) {
        ReadableByteChannel whole = Channels.newChannel(new ByteArrayInputStream(bytes));
        return new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer into) throws IOException {
                ByteBuffer part = into.slice(into.position(), 1 + random.nextInt(into.remaining()));
                int read = whole.read(part);
                into.position(into.position() + Math.max(0, read));
                return read;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
    }
}
