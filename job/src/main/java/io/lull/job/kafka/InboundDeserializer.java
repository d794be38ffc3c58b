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
 * Decodes the records of one input; bad ones come out as {@link Inbound.Rejected}. A tombstone withdraws an intent;
 * others hold no record and are passed over.
 *
 * <p>Each record carries the broker's append time, against which its host's clock is judged; where the topic keeps the
 * producers' own times, this machine's time stands in for it, which is later than that after an outage of the job.
 */
public final class InboundDeserializer implements KafkaRecordDeserializationSchema<Inbound> {
    private static final long serialVersionUID = 1L;
    private static final byte[] NONE = new byte[0];

    private final Input input;

    public InboundDeserializer(Input input) {
        this.input = input;
    }

    @Override
    @SuppressWarnings("Nullness") // Kafka's keys and values are null where there is none.
    public void deserialize(ConsumerRecord<byte[], byte[]> kafkaRecord, Collector<Inbound> out) {
        boolean appendTime = kafkaRecord.timestampType() == TimestampType.LOG_APPEND_TIME;
        boolean hasKey = kafkaRecord.key() != null;
        boolean hasValue = kafkaRecord.value() != null;
        RawRecord raw = new RawRecord(
                input,
                kafkaRecord.topic(),
                kafkaRecord.partition(),
                kafkaRecord.offset(),
                appendTime ? kafkaRecord.timestamp() : System.currentTimeMillis(),
                hasKey,
                hasKey ? kafkaRecord.key() : NONE,
                hasValue,
                hasValue ? kafkaRecord.value() : NONE);
        InboundDecoder.decodeAll(raw, out::collect);
    }

    @Override
    public TypeInformation<Inbound> getProducedType() {
        return InboundTypeInfo.INSTANCE;
    }
}
