package io.lull.job.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PackedSerializerTest {
    /** Keeps something out of sight. */
    public static final class Hidden {
        public int seen;
        private int hidden = 1;

        int hidden() {
            return hidden;
        }
    }

    /** Can't be made without knowing what to put in it. */
    public static final class Full {
        public int value;

        public Full(int value) {
            this.value = value;
        }
    }

    /** Of a type that is none of Lull's. */
    public static final class Foreign {
        public Object anything = "";
    }

    /** Numbers of every size. */
    public static final class Numbers {
        public int[] ints = {};
        public long[] longs = {};
        public double[] doubles = {};
        public String text = "";
        public @Nullable String none = "";
        public Thread.@Nullable State symbol;
        public @Nullable Hops[] hops = {};
    }

    /** What an array has several of. */
    public static final class Hops {
        public boolean flag = true;
        public byte[] bytes = {1, 2};
    }

    private static <T> T throughBytes(PackedSerializer<T> serializer, T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(value, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        T read = serializer.deserialize(in);
        assertThat(in.available()).isZero();
        return read;
    }

    private static Numbers numbers() {
        Numbers numbers = new Numbers();
        numbers.ints = new int[] {0, -1, 63, 64, Integer.MIN_VALUE, Integer.MAX_VALUE};
        numbers.longs = new long[] {0, -1, 1L << 62, Long.MIN_VALUE, Long.MAX_VALUE};
        numbers.doubles = new double[] {
            0.0,
            -0.0,
            1,
            -1,
            0.1,
            1L << 53,
            (1L << 53) - 1,
            1e300,
            Double.MIN_VALUE,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY
        };
        numbers.text = "ä€\uffff";
        numbers.none = null;
        numbers.symbol = Thread.State.WAITING;
        numbers.hops = new Hops[] {new Hops(), null};
        return numbers;
    }

    @Test
    void everyNumberComesBackAsItWas() throws IOException {
        Numbers numbers = numbers();

        Numbers read = throughBytes(PackedSerializer.of(Numbers.class), numbers);

        assertThat(read).usingRecursiveComparison().isEqualTo(numbers);
        assertThat(Double.doubleToRawLongBits(read.doubles[1])).isEqualTo(Double.doubleToRawLongBits(-0.0));
        numbers.doubles = new double[] {Double.NaN};
        assertThat(throughBytes(PackedSerializer.of(Numbers.class), numbers).doubles[0])
                .isNaN();
    }

    @Test
    void aCopyDoesNotChangeWithWhatItIsOf() {
        PackedSerializer<Numbers> serializer = PackedSerializer.of(Numbers.class);
        Numbers numbers = numbers();
        Numbers copy = serializer.copy(numbers);
        numbers.ints[0] = 7;
        numbers.doubles[0] = 7;
        numbers.hops[0].bytes[0] = 7;

        assertThat(copy).usingRecursiveComparison().isEqualTo(numbers());
    }

    @Test
    void bytesAreCopiedWithoutBeingRead() throws IOException {
        PackedSerializer<Numbers> serializer = PackedSerializer.of(Numbers.class);
        DataOutputSerializer first = new DataOutputSerializer(64);
        serializer.serialize(numbers(), first);
        DataOutputSerializer second = new DataOutputSerializer(64);
        serializer.copy(new DataInputDeserializer(first.getCopyOfBuffer()), second);

        assertThat(second.getCopyOfBuffer()).isEqualTo(first.getCopyOfBuffer());
    }

    @Test
    void whatCannotBeKeptIsRefusedByName() {
        assertThatThrownBy(() -> PackedSerializer.of(Hidden.class)).hasMessageContaining("hidden");
        assertThatThrownBy(() -> PackedSerializer.of(Full.class)).hasMessageContaining("constructor");
        assertThatThrownBy(() -> PackedSerializer.of(Foreign.class)).hasMessageContaining("java.lang.Object");
    }

    @Test
    void isMadeWhereTheStateIsOpened() {
        assertThatThrownBy(() -> new ObjectOutputStream(new ByteArrayOutputStream())
                        .writeObject(PackedSerializer.of(Numbers.class)))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("PackedSerializer.of");
    }
}
