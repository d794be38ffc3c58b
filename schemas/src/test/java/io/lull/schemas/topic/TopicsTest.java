package io.lull.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.OperatorIntent;
import io.lull.policy.Targets;
import io.lull.policy.VmId;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {
    @Test
    void namesEveryTopicByPrefixAndVersion() {
        assertThat(new Topics("lull", 4).all().stream().map(Topic::name))
                .containsExactly(
                        "lull.telemetry.v1",
                        "lull.epochs.v1",
                        "lull.commands.v1",
                        "lull.decisions.v1",
                        "lull.intents.v1",
                        "lull.metrics.v1",
                        "lull.events.v1",
                        "lull.fence.v1",
                        "lull.rejected.v1");
        assertThat(new Topics("site-a.lull", 4).commands().name()).isEqualTo("site-a.lull.commands.v1");
    }

    @Test
    void keepsEveryCommandUncompactedForTheLongestLease() {
        assertThat(Topics.DEFAULT.commands().config())
                .containsEntry("cleanup.policy", "compact,delete")
                .containsEntry("min.compaction.lag.ms", Long.toString(Topics.LONGEST_LEASE.toMillis()));
    }

    @Test
    void everyRecordCarriesTheBrokersTimeBesideItsHosts() {
        assertThat(Topics.DEFAULT.all()).allSatisfy(topic -> assertThat(topic.config())
                .containsEntry("message.timestamp.type", "LogAppendTime"));
    }

    @Test
    void whatTheJobReadsIsNoLargerThanWhatABrokerTakes() {
        assertThat(Topics.DEFAULT.all())
                .filteredOn(topic -> "uncompressed".equals(topic.config().get("compression.type")))
                .extracting(Topic::name)
                .containsExactly("lull.telemetry.v1", "lull.epochs.v1", "lull.intents.v1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Lull", "lull_a", ".lull", "lull/x"})
    void refusesAPrefixThatKafkaOrItsMetricsWouldTrip(String prefix) {
        assertThatThrownBy(() -> new Topics(prefix, 4)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keysIntentsSoThatOneDoesNotEraseAnotherOfAnotherSlot() {
        String pause = RecordKeys.of(intent(OperatorIntent.Kind.PAUSE));
        assertThat(pause).isEqualTo("web-1/pause").isEqualTo(RecordKeys.of(intent(OperatorIntent.Kind.RESUME)));
        assertThat(RecordKeys.of(intent(OperatorIntent.Kind.ADVICE))).isNotEqualTo(pause);
    }

    private static OperatorIntent intent(OperatorIntent.Kind kind) {
        return new OperatorIntent(
                new VmId("web-1"),
                kind,
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Targets.NONE,
                "ada",
                "maintenance",
                1,
                OptionalLong.empty());
    }
}
