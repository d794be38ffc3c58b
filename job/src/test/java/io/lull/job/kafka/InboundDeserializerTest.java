package io.lull.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.Samples;
import io.lull.job.stream.Inbound;
import io.lull.job.stream.Input;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InboundDeserializerTest {
    private static final long APPENDED_MILLIS = 1_700_000_000_000L;

    private final List<Inbound> out = new ArrayList<>();

    private void read(byte @Nullable [] key, byte @Nullable [] value) {
        ConsumerRecord<byte[], byte[]> kafkaRecord = new ConsumerRecord<>(
                "telemetry",
                2,
                5,
                APPENDED_MILLIS,
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                key,
                value,
                new RecordHeaders(),
                Optional.empty());
        new InboundDeserializer(Input.TELEMETRY).deserialize(kafkaRecord, new ToList());
    }

    @Test
    void doesNotBelieveAHostWhoseClockIsAnHourAhead() {
        read(null, Inbounds.WIRE.encode(Samples.busy(1, 4, (APPENDED_MILLIS + 3_600_000) * 1000)));
        read(null, Inbounds.WIRE.encode(Samples.busy(1, 4, (APPENDED_MILLIS - 7) * 1000)));

        assertThat(out)
                .extracting(Inbound::eventMillis)
                .containsExactly(APPENDED_MILLIS + InboundDeserializer.AHEAD_MILLIS, APPENDED_MILLIS - 7);
    }

    @Test
    void passesOverTombstones() {
        read(new byte[] {1}, null);

        assertThat(out).isEmpty();
    }

    @Test
    void keepsTheBytesOfWhatItCannotRead() {
        byte[] garbage = {1, 2, 3};
        read(null, garbage);

        assertThat(out).singleElement().isInstanceOfSatisfying(Inbound.Rejected.class, rejected -> {
            assertThat(rejected.raw().value()).isSameAs(garbage);
            assertThat(rejected.raw().hasKey()).isFalse();
            assertThat(rejected.raw().partition()).isEqualTo(2);
            assertThat(rejected.raw().offset()).isEqualTo(5);
            assertThat(rejected.reason()).contains("header");
        });
    }

    private final class ToList implements Collector<Inbound> {
        @Override
        public void collect(Inbound inbound) {
            out.add(inbound);
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
