package io.lull.bench.job.kafka;

import io.lull.schemas.topic.Topic;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/** A topic's partitions. */
final class Placed {
    private Placed() {}

    static List<TopicPartition> partitions(Topic topic) {
        return IntStream.range(0, topic.partitions())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
    }
}
