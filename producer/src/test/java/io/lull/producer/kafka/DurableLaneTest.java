package io.lull.producer.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class DurableLaneTest {
    private static final int LIMIT = 3;

    private final List<MockProducer<byte[], byte[]>> producers = new CopyOnWriteArrayList<>();
    private final List<String> alarms = new CopyOnWriteArrayList<>();
    private final DurableLane lane = new DurableLane(LIMIT, "broker:9092", this::producer, alarms::add);

    @Test
    void refusesLoudlyWhatGoesOverTheLimitAndTakesMoreOnceSomeWereDelivered() {
        for (int i = 0; i < LIMIT; i++) {
            lane.offer(record(i));
        }
        assertThatThrownBy(() -> lane.offer(record(9)))
                .isInstanceOf(PublishRefusedException.class)
                .hasMessageContaining("3 records wait for Kafka at broker:9092");
        lane.start();
        Await.until("all are sent", () -> history(0).size() == LIMIT);
        assertThat(producers.get(0).completeNext()).isTrue();
        lane.offer(record(3));
        assertThat(lane.refused()).isEqualTo(1);
        assertThat(lane.sent()).isEqualTo(1);
        assertThat(lane.waiting()).isEqualTo(3);
        Await.until("the new one is sent too", () -> history(0).size() == LIMIT + 1);
        completeAll();
        lane.close();
        assertThat(alarms).isEmpty();
    }

    @Test
    void sendsAgainWhatTimedOut() {
        lane.start();
        lane.offer(record(1));
        Await.until("it is sent", () -> history(0).size() == 1);
        producers.get(0).errorNext(new TimeoutException("Kafka is away"));
        Await.until("it is sent again", () -> history(0).size() == 2);
        completeAll();
        assertThat(lane.sent()).isEqualTo(1);
        assertThat(lane.waiting()).isZero();
        lane.close();
        assertThat(alarms).isEmpty();
    }

    @Test
    void replacesAProducerThatFailedForGoodAndKeepsItsRecordsInOrder() {
        lane.start();
        lane.offer(record(1));
        lane.offer(record(2));
        Await.until("both are sent", () -> history(0).size() == 2);
        producers.get(0).errorNext(new TopicAuthorizationException("not yours"));
        producers.get(0).errorNext(new TopicAuthorizationException("not yours"));
        Await.until(
                "both are sent by another producer",
                () -> producers.size() > 1 && history(producers.size() - 1).size() == 2);
        assertThat(history(producers.size() - 1)).containsExactly(1, 2);
        completeAll();
        lane.close();
        assertThat(lane.sent()).isEqualTo(2);
        assertThat(alarms)
                .hasSize(1)
                .first()
                .asString()
                .contains("broker:9092 refuses")
                .contains("they wait");
    }

    @Test
    void tellsOfARecordThatKafkaWillNeverTake() {
        lane.start();
        lane.offer(record(1));
        Await.until("it is sent", () -> history(0).size() == 1);
        producers.get(0).errorNext(new RecordTooLargeException("too large"));
        assertThat(lane.lost()).isEqualTo(1);
        assertThat(lane.waiting()).isZero();
        lane.close();
        assertThat(alarms).hasSize(1).first().asString().contains("is lost");
    }

    private Producer<byte[], byte[]> producer() {
        MockProducer<byte[], byte[]> made =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        producers.add(made);
        return made;
    }

    private List<Integer> history(int producer) {
        return producers.get(producer).history().stream()
                .map(sent -> (int) sent.value()[0])
                .toList();
    }

    private void completeAll() {
        Await.until("all are acknowledged", () -> {
            producers.get(producers.size() - 1).completeNext();
            return lane.waiting() == 0;
        });
    }

    private static OutgoingRecord record(int number) {
        return new OutgoingRecord("lull.epochs.v1", "vm", new byte[] {(byte) number}, 0);
    }
}
