package io.lull.worker.kafka;

import io.lull.policy.Decision;
import io.lull.policy.VmId;
import io.lull.policy.signal.EpochReport;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.topic.Topic;
import io.lull.schemas.topic.Topics;
import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads what was written of one VM lately and stands in a topic now; it doesn't wait for more. Of a partition at most
 * the newest {@link #MAX_RECORDS} records are looked at, those of other VMs in it included. Records that can't be read
 * are left out.
 */
public final class RecentPast {
    /** The most records that are read of a topic. */
    public static final int MAX_RECORDS = StandingRecords.MAX_RECORDS;

    private final KafkaConnection connection;
    private final Topics topics;
    private final VmId vm;
    private final Wire wire = new Wire();

    public RecentPast(KafkaConnection connection, Topics topics, VmId vm) {
        this.connection = connection;
        this.topics = topics;
        this.vm = vm;
    }

    /** The reports that were written since then, oldest first. */
    public List<EpochReport> reports(Instant since) throws IOException {
        return read(topics.epochs(), since, wire::decodeEpoch);
    }

    /** The decisions that were written since then, oldest first. */
    public List<Decision> decisions(Instant since) throws IOException {
        return read(topics.decisions(), since, wire::decodeDecision);
    }

    private <T> List<T> read(Topic topic, Instant since, RecordDecoder<T> decoder) throws IOException {
        String name = RecordKeys.of(vm);
        byte[] key = name.getBytes(StandardCharsets.UTF_8);
        List<T> values = new ArrayList<>();
        new StandingRecords(connection, topic)
                .read(partitions -> TailPositions.partitionOf(name, partitions), Optional.of(since), record -> {
                    if (Arrays.equals(key, record.key()) && record.value() != null) {
                        take(record.value(), decoder, values);
                    }
                });
        return values;
    }

    private static <T> void take(byte[] bytes, RecordDecoder<T> decoder, List<T> values) {
        try {
            values.add(decoder.decode(bytes));
        } catch (BadRecordException e) {
            // What can't be read can't explain anything; the job keeps such records aside and counts them.
        }
    }
}
