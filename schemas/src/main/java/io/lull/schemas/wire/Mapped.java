package io.lull.schemas.wire;

import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * A codec between bytes and a value of {@code policy}, by way of an Avro record.
 *
 * @param <P> the value
 * @param <A> the generated class
 */
final class Mapped<P, A extends SpecificRecord> {
    private final String name;
    private final AvroCodec<A> codec;
    private final Function<P, A> toAvro;
    private final Function<A, P> toPolicy;

    Mapped(AvroCodec<A> codec, Schema schema, Function<P, A> toAvro, Function<A, P> toPolicy) {
        this.name = schema.getName();
        this.codec = codec;
        this.toAvro = toAvro;
        this.toPolicy = toPolicy;
    }

    byte[] encode(P value) {
        return codec.encode(toAvro.apply(value));
    }

    P decode(byte[] bytes) throws BadRecordException {
        A record = codec.decode(bytes);
        try {
            return toPolicy.apply(record);
        } catch (IllegalArgumentException e) {
            throw new BadRecordException(name + " value", String.valueOf(e.getMessage()), e);
        }
    }
}
