package io.lull.job.kafka;

import io.lull.job.stream.Inbound;
import io.lull.job.stream.InboundDecoder;
import io.lull.job.stream.InboundTypeInfo;
import io.lull.job.stream.Input;
import io.lull.job.stream.RawRecord;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;

/**
 * Decodes the records of one input; bad ones come out as {@link Inbound.Rejected}.
 *
 * <p>No event time is believed that is later than the broker's append time, or this machine's time where the topic
 * carries the producers' own, plus {@link #AHEAD_MILLIS}. A tombstone holds no record and is passed over.
 */
public final class InboundDeserializer implements KafkaRecordDeserializationSchema<Inbound> {
    /** How far a host's clock may be ahead: less than the windows wait for records that are out of order. */
    public static final long AHEAD_MILLIS = 100;

    private static final long serialVersionUID = 1L;
    private static final byte[] NONE = new byte[0];

    private final Input input;

    public InboundDeserializer(Input input) {
        this.input = input;
    }

    @Override
    @SuppressWarnings("Nullness") // Kafka's keys and values are null where there is none.
    public void deserialize(ConsumerRecord<byte[], byte[]> kafkaRecord, Collector<Inbound> out) {
        if (kafkaRecord.value() == null) {
            return;
        }
        boolean appendTime = kafkaRecord.timestampType() == TimestampType.LOG_APPEND_TIME;
        long receivedMillis = appendTime ? kafkaRecord.timestamp() : System.currentTimeMillis();
        boolean hasKey = kafkaRecord.key() != null;
        RawRecord raw = new RawRecord(
                input,
                kafkaRecord.topic(),
                kafkaRecord.partition(),
                kafkaRecord.offset(),
                receivedMillis + AHEAD_MILLIS,
                hasKey,
                hasKey ? kafkaRecord.key() : NONE,
                kafkaRecord.value());
        InboundDecoder.decodeAll(raw, out::collect);
    }

    @Override
    public TypeInformation<Inbound> getProducedType() {
        return InboundTypeInfo.INSTANCE;
    }
}
