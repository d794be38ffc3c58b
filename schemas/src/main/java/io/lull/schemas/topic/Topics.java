package io.lull.schemas.topic;

import io.lull.schemas.avro.CheckpointCommand;
import io.lull.schemas.avro.Decision;
import io.lull.schemas.avro.EpochReport;
import io.lull.schemas.avro.FenceRecord;
import io.lull.schemas.avro.OperatorIntent;
import io.lull.schemas.avro.ReplicationEvent;
import io.lull.schemas.avro.VmSample;
import io.lull.schemas.avro.WindowMetrics;
import io.lull.schemas.wire.AvroCodec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.avro.Schema;

/**
 * All topics: the one place from which they are created and checked.
 *
 * @param prefix begin of every name; lower case letters, digits, dots and hyphens
 * @param partitions of the topics that are keyed by VM; what writes and what reads one VM's records computes the
 *     partition from the key, so this number stays as it is once the topics exist
 */
public record Topics(String prefix, int partitions) {
    // Before DEFAULT, which needs it.
    private static final Pattern PREFIX = Pattern.compile("[a-z0-9][a-z0-9.-]{0,99}");

    /** Prefix {@code lull}, 4 partitions. */
    public static final Topics DEFAULT = new Topics("lull", 4);

    /**
     * The longest lease of a plan. A command younger than this is never compacted away, so that a later {@code
     * Checkpoint} of the same VM doesn't erase a plan that holds.
     */
    public static final Duration LONGEST_LEASE = Duration.ofMinutes(10);

    /** What a broker takes in one batch: the largest record, and room for its key and Kafka's own framing. */
    private static final int MAX_BATCH_BYTES = AvroCodec.MAX_RECORD_BYTES + (64 << 10);

    /** Key and value together, of a record that {@link #rejected} takes: as much as any other topic takes. */
    public static final int MAX_REJECTED_BYTES = MAX_BATCH_BYTES;

    private static final int HEADERS_BYTES = 64 << 10;
    private static final String VM_KEY = "vmId";

    private static final Duration FENCE_COMPACTION = Duration.ofHours(1);

    public Topics {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "topic prefix '" + prefix
                            + "' must be 1 to 100 of lower case letters, digits, '.' and '-', and begin with a letter or digit");
        }
        if (partitions < 1) {
            throw new IllegalArgumentException("topics need at least 1 partition, not " + partitions);
        }
    }

    /** What the probes saw: {@code VmSample}. */
    public Topic telemetry() {
        return keyedByVm("telemetry", uncompressed(deletedAfter(Duration.ofHours(6))), VmSample.getClassSchema());
    }

    /** What committed checkpoints cost: {@code EpochReport}. */
    public Topic epochs() {
        return keyedByVm("epochs", uncompressed(deletedAfter(Duration.ofDays(7))), EpochReport.getClassSchema());
    }

    /** What the job tells the workers: {@code CheckpointCommand}. */
    public Topic commands() {
        Map<String, String> config = config(
                "compact,delete",
                Map.of("retention.ms", millis(Duration.ofDays(1)), "min.compaction.lag.ms", millis(LONGEST_LEASE)));
        return keyedByVm("commands", config, CheckpointCommand.getClassSchema());
    }

    /** What the job decided and why: {@code Decision}. */
    public Topic decisions() {
        return keyedByVm("decisions", deletedAfter(Duration.ofDays(30)), Decision.getClassSchema());
    }

    /** What operators ask: {@code OperatorIntent}. One partition, so that the intents of a VM keep their order. */
    public Topic intents() {
        return new Topic(
                name("intents"),
                "vmId/slot",
                1,
                uncompressed(config("compact", Map.of())),
                Optional.of(OperatorIntent.getClassSchema()));
    }

    /** Windowed metrics: {@code WindowMetrics}. */
    public Topic metrics() {
        return keyedByVm("metrics", deletedAfter(Duration.ofHours(6)), WindowMetrics.getClassSchema());
    }

    /** What happened to a VM's protection: {@code ReplicationEvent}. */
    public Topic events() {
        return keyedByVm("events", deletedAfter(Duration.ofDays(30)), ReplicationEvent.getClassSchema());
    }

    /**
     * Who may release a VM's output: {@code FenceRecord}. Compacted and never deleted: a record that is gone is a right
     * that is given away. One partition, so that its end is one offset. Each claim, each one that is begun ahead included, leaves a record
     * that says nothing, and each claim and look reads all that is there: so what can be dropped is dropped each hour, which is far
     * longer than anybody reads.
     */
    public Topic fence() {
        return new Topic(
                name("fence"),
                VM_KEY,
                1,
                config(
                        "compact",
                        Map.of(
                                "unclean.leader.election.enable",
                                "false",
                                "segment.ms",
                                millis(FENCE_COMPACTION),
                                "delete.retention.ms",
                                millis(FENCE_COMPACTION))),
                Optional.of(FenceRecord.getClassSchema()));
    }

    /**
     * Records that could not be read, as the bytes that came; the key is that of the record. The headers that say where
     * a record came from stand on top of it, so that a record here may be larger than in any other topic.
     */
    public Topic rejected() {
        Map<String, String> config = new HashMap<>(deletedAfter(Duration.ofDays(7)));
        config.put("max.message.bytes", Integer.toString(MAX_BATCH_BYTES + HEADERS_BYTES));
        return new Topic(name("rejected"), "as it came", 1, config, Optional.empty());
    }

    /** All of them. */
    public List<Topic> all() {
        return List.of(
                telemetry(), epochs(), commands(), decisions(), intents(), metrics(), events(), fence(), rejected());
    }

    private String name(String what) {
        return prefix + "." + what + ".v1";
    }

    private Topic keyedByVm(String what, Map<String, String> config, Schema schema) {
        return new Topic(name(what), VM_KEY, partitions, config, Optional.of(schema));
    }

    /**
     * Of what the job reads: the largest record that a broker takes is the largest that a reader gets. A mebibyte of compressed zeros
     * is a gibibyte to whoever reads it.
     */
    private static Map<String, String> uncompressed(Map<String, String> config) {
        Map<String, String> uncompressed = new HashMap<>(config);
        uncompressed.put("compression.type", "uncompressed");
        return uncompressed;
    }

    private static Map<String, String> deletedAfter(Duration retention) {
        return config("delete", Map.of("retention.ms", millis(retention)));
    }

    /**
     * With the broker's append time in place of the producer's: a broker refuses what comes an hour or more from its future, for good,
     * and with that a worker's claim at the fence or the job's commands, for nothing but a clock. What records say of time stands inside
     * of them; what the job reads is held against this one.
     */
    private static Map<String, String> config(String cleanupPolicy, Map<String, String> more) {
        Map<String, String> config = new HashMap<>(more);
        config.put("cleanup.policy", cleanupPolicy);
        config.put("message.timestamp.type", "LogAppendTime");
        config.put("max.message.bytes", Integer.toString(MAX_BATCH_BYTES));
        return config;
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
