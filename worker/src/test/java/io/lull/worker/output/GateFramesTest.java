package io.lull.worker.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateFramesTest {
    private static final GateFrames.Sink REFUSING = (start, offset, length, vnetHeaderBytes) -> {
        throw new AssertionError("a frame was found where none is complete");
    };

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void findsTheSameFramesHoweverTheStreamIsCut(boolean vnetHeader) throws GateException {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            List<byte[]> frames = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                frames.add(Frames.random(random, vnetHeader, i == 7 ? GateFrames.MAX_FRAME_BYTES : 300));
            }
            byte[] stream = Frames.join(frames);
            List<byte[]> found = new ArrayList<>();
            GateFrames reader = new GateFrames(vnetHeader);
            int from = 0;
            int to = 0;
            while (to < stream.length) {
                to = Math.min(stream.length, to + 1 + random.nextInt(500));
                from = reader.scan(
                        ByteBuffer.wrap(stream),
                        from,
                        to,
                        (start, offset, length, vnet) -> found.add(Arrays.copyOfRange(stream, start, offset + length)));
            }
            assertThat(from).as("seed %d", seed).isEqualTo(stream.length);
            assertThat(found)
                    .as("seed %d", seed)
                    .usingElementComparator(Arrays::compare)
                    .isEqualTo(frames);
        }
    }

    @Test
    void tellsWhereTheVnetHeaderEnds() throws GateException {
        ByteBuffer stream = ByteBuffer.wrap(Frames.tagged(0, 0, 60));
        List<Integer> seen = new ArrayList<>();
        new GateFrames(true)
                .scan(
                        stream,
                        0,
                        stream.capacity(),
                        (start, offset, length, vnet) -> seen.addAll(List.of(start, offset, length, vnet)));
        assertThat(seen).containsExactly(0, 8, 72, 12);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, GateFrames.MAX_FRAME_BYTES + 1, Integer.MAX_VALUE})
    void refusesALengthThatNoFrameHasAtItsFirstWord(int length) {
        ByteBuffer stream = ByteBuffer.allocate(4).putInt(0, length);
        assertThatThrownBy(() -> new GateFrames(true).scan(stream, 0, 4, REFUSING))
                .isInstanceOf(GateException.class)
                .hasMessageContaining(Integer.toUnsignedString(length));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 41, GateFrames.MAX_VNET_HEADER_BYTES + 1, Integer.MAX_VALUE})
    void refusesAVnetHeaderLongerThanItsFrameOrThanAnyIs(int vnetHeaderBytes) {
        int length = vnetHeaderBytes == 41 ? 40 : 1000;
        ByteBuffer stream = ByteBuffer.allocate(8).putInt(length).putInt(vnetHeaderBytes);
        assertThatThrownBy(() -> new GateFrames(true).scan(stream, 0, 8, REFUSING))
                .isInstanceOf(GateException.class)
                .hasMessageContaining("vnet header");
    }

    @Test
    void leavesAnIncompleteFrameForTheNextCall() throws GateException {
        byte[] frame = Frames.tagged(1, 2, 60);
        for (int bytes = 0; bytes < frame.length; bytes++) {
            assertThat(new GateFrames(true).scan(ByteBuffer.wrap(frame), 0, bytes, REFUSING))
                    .isZero();
        }
    }
}
