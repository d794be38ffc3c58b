package io.lull.worker.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lull.policy.fence.FenceRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A fence's record as JSON, for people; what is empty is left out. */
final class FenceDocument {
    private FenceDocument() {}

    static ObjectNode of(FenceRecord record) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("state", record.state().name())
                .put("term", record.term());
        record.run().ifPresent(id -> json.put("run", id.toString()));
        record.session().ifPresent(id -> json.put("session", id.toString()));
        record.taker().ifPresent(id -> json.put("taker", id.toString()));
        return json.put("host", record.hostId())
                .put("reason", record.reason())
                .put(
                        "at",
                        Instant.EPOCH.plus(record.atMicros(), ChronoUnit.MICROS).toString());
    }
}
