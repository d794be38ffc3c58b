package io.lull.worker.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.lull.policy.ReplicationEvent;
import io.lull.policy.VmId;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.producer.kafka.PublisherLimits;
import io.lull.schemas.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KafkaSideTest {
    private static final int LIMIT = 3;

    @Test
    void moreReportsThanCanWaitForKafkaAreCountedAndNeverTheirCallersFailure() {
        KafkaConnection nobody = KafkaConnection.plain("127.0.0.1:1");
        try (KafkaSide side = new KafkaSide(nobody, Topics.DEFAULT, new PublisherLimits(8, LIMIT))) {
            assertThatCode(() -> {
                        for (int i = 0; i < LIMIT + 5; i++) {
                            side.event(new ReplicationEvent(
                                    new VmId("db"), "host-a", ReplicationEvent.Kind.FALLBACK, i, 1, "a test"));
                        }
                    })
                    .doesNotThrowAnyException();
            assertThat(side.status().lostReports()).isEqualTo(5);
            assertThat(side.status().waitingReports()).isEqualTo(LIMIT);
        }
    }
}
