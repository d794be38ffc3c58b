package io.lull.bench.job.kafka.streams;

import io.lull.bench.job.flink.PojoBytes;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/** State of a class with public fields, for the stores of Kafka Streams; one for each store, since it is for one thread. */
final class PojoSerde {
    private PojoSerde() {}

    @SuppressWarnings("NullAway") // A store writes null where there is nothing, and reads it again.
    static <T> Serde<T> of(Class<T> type) {
        PojoBytes<T> bytes = new PojoBytes<>(type);
        Serializer<T> serializer = (topic, value) -> value == null ? null : bytes.write(value);
        Deserializer<T> deserializer = (topic, value) -> value == null ? null : bytes.read(value);
        return Serdes.serdeFrom(serializer, deserializer);
    }
}
