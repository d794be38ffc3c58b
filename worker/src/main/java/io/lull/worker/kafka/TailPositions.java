package io.lull.worker.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Utils;

/** Which partitions a tail reads and from where; it outlives the consumer, so that nothing is lost when one fails. */
final class TailPositions {
    private static final Duration LOOKUP_LIMIT = Duration.ofSeconds(2);

    private final TailSpec spec;
    private final InstantSource clock;

    /** The next offset of each partition that is read. */
    private final Map<TopicPartition, Long> next = new HashMap<>();

    /** Where each partition ended when the tail began: what stands before is a replay. */
    private final Map<TopicPartition, Long> beganAt = new HashMap<>();

    private int partitions;

    TailPositions(TailSpec spec, InstantSource clock) {
        this.spec = spec;
        this.clock = clock;
    }

    /** Whether the topic has grown, or come to be, since the consumer was placed. */
    boolean moved(Consumer<byte[], byte[]> consumer) {
        try {
            return count(consumer) != partitions;
        } catch (TimeoutException e) {
            // Kafka is away and its client has forgotten the topic; the next poll finds out when it is back.
            return false;
        }
    }

    /** Assigns the partitions and seeks: to where it was, and in a new partition as far back as asked. */
    void place(Consumer<byte[], byte[]> consumer) {
        int count = count(consumer);
        List<TopicPartition> mine = mine(count);
        // A broker that just came back may not know the topic yet: what was read is not forgotten for that.
        if (count > 0) {
            next.keySet().retainAll(mine);
        }
        List<TopicPartition> fresh =
                mine.stream().filter(partition -> !next.containsKey(partition)).toList();
        Map<TopicPartition, Long> ends = consumer.endOffsets(fresh, LOOKUP_LIMIT);
        Map<TopicPartition, Long> begins = begins(consumer, fresh, ends);
        beganAt.putAll(ends);
        next.putAll(begins);
        consumer.assign(mine);
        mine.forEach(partition -> consumer.seek(partition, next.getOrDefault(partition, 0L)));
        partitions = count;
    }

    /** Notes that the record at this offset has been handed on; says whether it was a replay. */
    boolean passed(TopicPartition partition, long offset) {
        next.put(partition, offset + 1);
        return offset < beganAt.getOrDefault(partition, 0L);
    }

    /** How many partitions the topic has, as far as the consumer knows; 0 when there is no such topic. */
    private int count(Consumer<byte[], byte[]> consumer) {
        return consumer.partitionsFor(spec.topic(), LOOKUP_LIMIT).size();
    }

    private Map<TopicPartition, Long> begins(
            Consumer<byte[], byte[]> consumer, List<TopicPartition> fresh, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> begins = new HashMap<>(ends);
        if (spec.readBack().isZero()) {
            return begins;
        }
        long since = clock.instant().minus(spec.readBack()).toEpochMilli();
        Map<TopicPartition, Long> query = new HashMap<>();
        fresh.forEach(partition -> query.put(partition, since));
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(query, LOOKUP_LIMIT);
        found.forEach((partition, offset) -> {
            if (offset != null) {
                begins.put(partition, offset.offset());
            }
        });
        return begins;
    }

    private List<TopicPartition> mine(int count) {
        if (count == 0) {
            return List.of();
        }
        Optional<Integer> keyed = spec.key().map(key -> partitionOf(key, count));
        return IntStream.range(0, count)
                .filter(partition -> keyed.isEmpty() || keyed.get() == partition)
                .mapToObj(partition -> new TopicPartition(spec.topic(), partition))
                .toList();
    }

    /** The partition in which Kafka's default partitioner puts a key. */
    static int partitionOf(String key, int count) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % count;
    }
}
