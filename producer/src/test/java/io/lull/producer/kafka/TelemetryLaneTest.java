package io.lull.producer.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TelemetryLaneTest {
    private static final int LIMIT = 4;

    private final AtomicLong nanos = new AtomicLong();
    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final TelemetryLane lane = new TelemetryLane(LIMIT, () -> kafka, nanos::get);

    @AfterEach
    void close() {
        lane.close();
    }

    @Test
    void dropsTheOldestWhenItIsFullAndCountsIt() {
        for (int i = 0; i < LIMIT + 3; i++) {
            lane.offer(record(i));
        }
        lane.start();
        Await.until("the newest are sent", () -> kafka.history().size() == LIMIT);
        assertThat(lane.droppedFull()).isEqualTo(3);
        assertThat(kafka.history().stream().map(sent -> (int) sent.value()[0])).containsExactly(3, 4, 5, 6);
    }

    @Test
    void dropsWhatHasWaitedTooLongAndCountsIt() {
        lane.offer(record(1));
        nanos.addAndGet(TelemetryLane.MAX_WAIT.toNanos() + 1);
        lane.offer(record(2));
        lane.start();
        Await.until("the fresh one is sent", () -> kafka.history().size() == 1);
        assertThat(lane.droppedOld()).isEqualTo(1);
        assertThat(kafka.history().get(0).value()).containsExactly(2);
    }

    @Test
    void keepsWhatMayWaitAndSendsAllThatWaitsWithTheOldest() {
        long startNanos = System.nanoTime();
        lane.offer(record(1, Duration.ofMillis(50)));
        lane.offer(record(2, Duration.ofHours(1)));
        lane.offer(record(3, Duration.ofHours(1)));
        lane.start();
        Await.until("all are sent", () -> kafka.history().size() == 3);
        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(50_000_000);
    }

    @Test
    void countsWhatKafkaTookAndWhatItDidNot() {
        lane.start();
        lane.offer(record(1));
        lane.offer(record(2));
        Await.until("both are sent", () -> kafka.history().size() == 2);
        kafka.completeNext();
        kafka.errorNext(new TimeoutException("expired"));
        assertThat(lane.sent()).isEqualTo(1);
        assertThat(lane.droppedFailed()).isEqualTo(1);
    }

    private OutgoingRecord record(int number) {
        return record(number, Duration.ZERO);
    }

    private OutgoingRecord record(int number, Duration mayWait) {
        long now = nanos.get();
        return new OutgoingRecord("lull.telemetry.v1", "vm", new byte[] {(byte) number}, now, now + mayWait.toNanos());
    }
}
