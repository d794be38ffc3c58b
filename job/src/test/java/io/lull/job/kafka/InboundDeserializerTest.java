package io.lull.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.Samples;
import io.lull.job.stream.HostClock;
import io.lull.job.stream.Inbound;
import io.lull.job.stream.Input;
import io.lull.policy.signal.VmSample;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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
        read(Input.TELEMETRY, key, value);
    }

    private void read(Input input, byte @Nullable [] key, byte @Nullable [] value) {
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
        new InboundDeserializer(input).deserialize(kafkaRecord, new ToList());
    }

    private static byte[] sampledAtMillis(long millis) {
        return Inbounds.WIRE.encode(Samples.busy(1, 4, millis * 1000));
    }

    @Test
    void doesNotBelieveAHostWhoseClockIsAnHourAheadOrBehind() {
        read(null, sampledAtMillis(APPENDED_MILLIS + 3_600_000));
        read(null, sampledAtMillis(APPENDED_MILLIS - 3_600_000));
        read(null, sampledAtMillis(APPENDED_MILLIS + HostClock.AHEAD_MILLIS + 1));
        read(null, sampledAtMillis(APPENDED_MILLIS - HostClock.BEHIND_MILLIS - 1));

        assertThat(out).extracting(Inbound::eventMillis).containsOnly(APPENDED_MILLIS);
        assertThat(out)
                .extracting(Inbound::clock)
                .containsExactly(HostClock.AHEAD, HostClock.BEHIND, HostClock.AHEAD, HostClock.BEHIND);
    }

    @Test
    void believesAHostWhoseClockIsAlmostRight() {
        read(null, sampledAtMillis(APPENDED_MILLIS + HostClock.AHEAD_MILLIS));
        read(null, sampledAtMillis(APPENDED_MILLIS - 7));
        read(null, sampledAtMillis(APPENDED_MILLIS - HostClock.BEHIND_MILLIS));

        assertThat(out)
                .extracting(Inbound::eventMillis)
                .containsExactly(
                        APPENDED_MILLIS + HostClock.AHEAD_MILLIS,
                        APPENDED_MILLIS - 7,
                        APPENDED_MILLIS - HostClock.BEHIND_MILLIS);
        assertThat(out).extracting(Inbound::clock).containsOnly(HostClock.TRUSTED);
    }

    @Test
    void readsEachSampleOfABatchAndKeepsTheBytesOfABadOneUnderTheKeyOfItsHost() {
        VmSample first = Samples.busy(1, 4, APPENDED_MILLIS * 1000);
        VmSample second = Samples.idle(1, 5, APPENDED_MILLIS * 1000);
        byte[] host = "host-1".getBytes(StandardCharsets.UTF_8);
        byte[] batch = Inbounds.WIRE
                .encodeBatch("host-1", List.of(first, second, first))
                .get(0);
        byte[] bad = Inbounds.WIRE.encode(first);
        bad[2]++;
        // The last of the batch is of a schema that nobody knows.
        batch[batch.length - 1 - bad.length + 2]++;
        read(Input.TELEMETRY, host, batch);

        assertThat(out).hasSize(3);
        assertThat(out.subList(0, 2))
                .extracting(inbound -> ((Inbound.Sample) inbound).sample())
                .containsExactly(first, second);
        assertThat(out.subList(0, 2)).extracting(Inbound::appendedMillis).containsOnly(APPENDED_MILLIS);
        assertThat(out.get(2)).isInstanceOfSatisfying(Inbound.Rejected.class, rejected -> {
            assertThat(rejected.raw().key()).isEqualTo(host);
            assertThat(rejected.raw().value()).isEqualTo(bad);
        });
    }

    @Test
    void refusesABatchThatIsCutOffAsItCame() {
        byte[] batch = Inbounds.WIRE
                .encodeBatch("host-1", List.of(Samples.busy(1, 4, APPENDED_MILLIS * 1000)))
                .get(0);
        byte[] cut = Arrays.copyOf(batch, batch.length - 1);
        read(Input.TELEMETRY, null, cut);

        assertThat(out).singleElement().isInstanceOfSatisfying(Inbound.Rejected.class, rejected -> {
            assertThat(rejected.raw().value()).isEqualTo(cut);
            assertThat(rejected.reason()).contains("SampleBatch");
        });
    }

    @Test
    void passesOverTombstonesThatWithdrawNothing() {
        for (Input input : Input.values()) {
            for (String key : new String[] {"vm-1", "", "/pause", "no such vm/pause"}) {
                read(input, key.getBytes(StandardCharsets.UTF_8), null);
            }
            read(input, null, null);
        }
        read(Input.TELEMETRY, "vm-1/pause".getBytes(StandardCharsets.UTF_8), null);

        assertThat(out).isEmpty();
    }

    @Test
    void readsTheTombstoneOfAnIntentAsItsWithdrawal() {
        read(Input.INTENTS, "vm-1/pause".getBytes(StandardCharsets.UTF_8), null);

        assertThat(out).singleElement().isInstanceOfSatisfying(Inbound.Withdrawal.class, withdrawal -> {
            assertThat(withdrawal.vmName()).isEqualTo("vm-1");
            assertThat(withdrawal.slot()).isEqualTo("pause");
        });
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
