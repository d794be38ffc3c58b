package io.lull.worker.exporter;

import static io.lull.worker.exporter.WorkerStatus.Role.BACKUP;
import static io.lull.worker.exporter.WorkerStatus.Role.PRIMARY;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.lull.worker.exporter.WorkerStatus.Role;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What Prometheus is told of a worker: each metric, and where the status document has it. The table in
 * {@code docs/monitoring.md} is generated from here.
 *
 * <p>A value that the document lacks, or that isn't of the metric's kind, is unknown and makes no sample.
 */
enum WorkerMetric {
    PROTECTION_STATE("lull_protection_state", Kind.STATE, PRIMARY, "/state", "how the VM is protected"),
    CONTROL_STATE("lull_control_state", Kind.STATE, PRIMARY, "/control", "who decides when to checkpoint"),
    COMMITTED_EPOCHS("lull_primary_committed_epochs", Kind.COUNTER, PRIMARY, "/committedEpochs", "epochs committed"),
    SESSIONS("lull_primary_sessions", Kind.COUNTER, PRIMARY, "/sessions", "sessions begun with a backup"),
    IGNORED_COMMANDS(
            "lull_primary_ignored_commands",
            Kind.COUNTER,
            PRIMARY,
            "/ignoredCommands",
            "stale, repeated and foreign commands that changed nothing"),
    DIRTY_BYTES(
            "lull_primary_dirty_bytes", Kind.COUNTER, PRIMARY, "/writtenBytes", "dirty pages of the committed epochs"),
    SHIPPED_BYTES("lull_primary_shipped_bytes", Kind.COUNTER, PRIMARY, "/shippedBytes", "what they took on the wire"),
    LAST_PAUSE("lull_primary_last_pause_seconds", Kind.NANOS, PRIMARY, "/lastPauseNanos", "pause of the last epoch"),
    LAST_COMMIT(
            "lull_primary_last_commit_seconds",
            Kind.NANOS,
            PRIMARY,
            "/lastCommitNanos",
            "from the pause of the last epoch to its commit"),
    HELD_BYTES("lull_primary_held_bytes", Kind.GAUGE, PRIMARY, "/heldBytes", "output that waits"),
    DROPPED_FRAMES(
            "lull_primary_dropped_frames",
            Kind.COUNTER,
            PRIMARY,
            "/droppedFrames",
            "output dropped over the bound, or after it was held for too long"),
    DROPPED_SAMPLES(
            "lull_kafka_dropped_samples",
            Kind.COUNTER,
            PRIMARY,
            "/kafka/droppedSamples",
            "telemetry that did not get out in time"),
    WAITING_REPORTS(
            "lull_kafka_waiting_reports",
            Kind.GAUGE,
            PRIMARY,
            "/kafka/waitingReports",
            "reports and events that Kafka has not acknowledged yet"),
    LOST_REPORTS("lull_kafka_lost_reports", Kind.COUNTER, PRIMARY, "/kafka/lostReports", "reports and events given up"),
    REJECTED_COMMANDS(
            "lull_kafka_rejected_commands",
            Kind.COUNTER,
            PRIMARY,
            "/kafka/rejectedCommands",
            "records under the VM's key that are no commands"),

    FAILOVER_STATE("lull_failover_state", Kind.STATE, BACKUP, "/failover", "where a takeover is"),
    STANDBY_STATE("lull_standby_state", Kind.STATE, BACKUP, "/standby", "how the standby QEMU is"),
    SESSION_STATE("lull_backup_session_state", Kind.STATE, BACKUP, "/session", "how the session with the primary is"),
    COMMITTED_EPOCH(
            "lull_backup_committed_epoch",
            Kind.GAUGE,
            BACKUP,
            "/committedEpoch",
            "what the VM would resume from; none before the first commit"),
    COMMITS("lull_backup_commits", Kind.COUNTER, BACKUP, "/commits", "epochs committed"),
    VERIFIED_PAGES(
            "lull_backup_verified_pages",
            Kind.COUNTER,
            BACKUP,
            "/verifiedPages",
            "pages of the image that the primary's digests confirmed, each as often as it was"),
    UNFIT("lull_backup_unfit", Kind.FLAG, BACKUP, "/unfit", "the VM can't be taken over from its image now"),
    BROKEN("lull_backup_broken", Kind.FLAG, BACKUP, "/broken", "its image can't be used any more"),
    REFUSED_CONNECTIONS(
            "lull_backup_refused_connections", Kind.COUNTER, BACKUP, "/dropped", "connections dropped or refused"),
    RECEIVED_BYTES("lull_backup_received_bytes", Kind.COUNTER, BACKUP, "/receivedBytes", "bytes of frames committed"),
    IMAGE_PAGES("lull_backup_image_pages", Kind.GAUGE, BACKUP, "/imagePages", "pages of the image"),
    REDO_BYTES("lull_backup_redo_bytes", Kind.GAUGE, BACKUP, "/redoBytes", "bytes in redo logs"),

    FENCE_STATE("lull_fence_state", Kind.STATE, "/fence/state", "who may speak, as this worker read it last"),
    FENCE_TERM("lull_fence_term", Kind.GAUGE, "/fence/term", "term of that record"),
    PEER_CERTIFICATE_END(
            "lull_peer_certificate_end_timestamp_seconds",
            Kind.TIME,
            "/wire/peerCertificateUntil",
            "when the certificate of the other side ends"),
    UNSAFE("lull_unsafe_plaintext", Kind.FLAG, "/warning", "primary and backup talk without TLS"),
    NO_FENCE("lull_unsafe_no_fence", Kind.FLAG, BACKUP, "/unfenced", "it takes over without asking a fence");

    /** How a value of the document becomes a number. */
    enum Kind {
        /** A number that only grows while the worker lives. */
        COUNTER,
        /** A number. */
        GAUGE,
        /** Nanoseconds, shown in seconds. */
        NANOS,
        /** A time in ISO 8601, shown in seconds since 1970. */
        TIME,
        /** A word, shown as 1 with the word in the label {@code state}. */
        STATE,
        /** Whether there is anything, 1 or 0. */
        FLAG
    }

    private static final double SECOND_NANOS = 1e9;
    /** Longer ones are no states of ours. */
    private static final int LONGEST_STATE = 64;

    private final String metricName;
    private final Kind kind;
    private final Set<Role> roles;
    private final JsonPointer place;
    private final String meaning;

    WorkerMetric(String metricName, Kind kind, Role role, String place, String meaning) {
        this(metricName, kind, EnumSet.of(role), place, meaning);
    }

    WorkerMetric(String metricName, Kind kind, String place, String meaning) {
        this(metricName, kind, EnumSet.allOf(Role.class), place, meaning);
    }

    WorkerMetric(String metricName, Kind kind, Set<Role> roles, String place, String meaning) {
        this.metricName = metricName;
        this.kind = kind;
        this.roles = roles;
        this.place = JsonPointer.compile(place);
        this.meaning = meaning;
    }

    /** Its name for Prometheus, which for a counter adds {@code _total}. */
    String metricName() {
        return metricName;
    }

    /** The name under which it is found there. */
    String exposedName() {
        return kind == Kind.COUNTER ? metricName + "_total" : metricName;
    }

    Kind kind() {
        return kind;
    }

    /** The roles of the workers that have it. */
    Set<Role> roles() {
        return roles;
    }

    /** Where the status document has it. */
    JsonPointer place() {
        return place;
    }

    /** What it is, in a line. */
    String meaning() {
        return meaning;
    }

    /**
     * One value of a worker.
     *
     * @param state the word, of a metric of words
     */
    record Sample(double value, Optional<String> state) {}

    /** What the document says of it; empty when that is unknown. */
    Optional<Sample> in(JsonNode document) {
        JsonNode found = document.at(place);
        return switch (kind) {
            case COUNTER -> number(found, 1).filter(sample -> sample.value() >= 0);
            case GAUGE -> number(found, 1);
            case NANOS -> number(found, SECOND_NANOS);
            case TIME -> time(found.asText());
            case STATE -> state(found);
            case FLAG -> Optional.of(new Sample(found.isMissingNode() || found.isNull() ? 0 : 1, Optional.empty()));
        };
    }

    private static Optional<Sample> number(JsonNode found, double unit) {
        return found.isNumber() ? Optional.of(new Sample(found.asDouble() / unit, Optional.empty())) : Optional.empty();
    }

    private static Optional<Sample> state(JsonNode found) {
        boolean word = found.isTextual() && found.asText().length() <= LONGEST_STATE;
        return word ? Optional.of(new Sample(1, Optional.of(found.asText()))) : Optional.empty();
    }

    private static Optional<Sample> time(String text) {
        try {
            return Optional.of(new Sample(Instant.parse(text).getEpochSecond(), Optional.empty()));
        } catch (DateTimeParseException none) {
            return Optional.empty();
        }
    }
}
