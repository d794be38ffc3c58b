package io.lull.bench.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static final long TICK_MILLIS = 1_700_000_000_000L;

    private final ConsumerRecord<byte[], byte[]> tick = new ConsumerRecord<>(
            "telemetry",
            2,
            7,
            TICK_MILLIS,
            TimestampType.CREATE_TIME,
            1,
            2,
            new byte[] {1},
            new byte[] {2, 3},
            new RecordHeaders(),
            Optional.empty());
    private final ConsumerRecords<byte[], byte[]> read =
            new ConsumerRecords<>(Map.of(new TopicPartition("telemetry", 2), List.of(tick)), Map.of());

    @AfterEach
    void open() {
        Replay.open();
    }

    @Test
    void recordsComeAsIfTheBrokerHadTakenThemAtTheirTick() {
        ConsumerRecord<byte[], byte[]> live =
                new Replay().onConsume(read).iterator().next();

        assertThat(live.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(live.timestamp()).isEqualTo(TICK_MILLIS);
        assertThat(live.offset()).isEqualTo(7);
        assertThat(live.value()).isSameAs(tick.value());
    }

    @Test
    void nothingComesThroughBeforeTheGateIsOpened() throws Exception {
        Replay.shut();
        CompletableFuture<Integer> count =
                CompletableFuture.supplyAsync(() -> new Replay().onConsume(read).count());
        TimeUnit.MILLISECONDS.sleep(50);
        assertThat(count).isNotDone();

        Replay.open();

        assertThat(count.get(10, TimeUnit.SECONDS)).isOne();
    }
}
