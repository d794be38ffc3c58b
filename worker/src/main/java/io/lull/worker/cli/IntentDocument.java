package io.lull.worker.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lull.policy.OperatorIntent;
import io.lull.policy.Targets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What operators ask for a VM as JSON, an entry for each slot, for people; what is empty is left out. */
final class IntentDocument {
    private IntentDocument() {}

    static ObjectNode of(Map<String, Optional<OperatorIntent>> bySlot, long nowMicros) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        bySlot.forEach((slot, intent) ->
                json.set(slot, intent.map(known -> of(known, nowMicros)).orElseGet(() -> JsonNodeFactory.instance
                        .objectNode()
                        .put("unreadable", true))));
        return json;
    }

    private static ObjectNode of(OperatorIntent intent, long nowMicros) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("kind", IntentOptions.word(intent.kind()))
                .put("inForce", intent.holdsAt(nowMicros));
        intent.policy().ifPresent(name -> json.put("policy", name));
        intent.intervalNanos().ifPresent(nanos -> json.put("intervalNanos", nanos));
        intent.maxEpochNanos().ifPresent(nanos -> json.put("maxEpochNanos", nanos));
        intent.placement().ifPresent(where -> json.put("placement", where.name().toLowerCase(Locale.ROOT)));
        Targets targets = intent.targets();
        targets.outputDelayP99Nanos().ifPresent(nanos -> json.put("outputDelayP99Nanos", nanos));
        targets.overheadRatio().ifPresent(ratio -> json.put("overheadRatio", ratio));
        targets.shippedBytesPerSecond().ifPresent(bytes -> json.put("shippedBytesPerSecond", bytes));
        targets.encodeThreads().ifPresent(threads -> json.put("encodeThreads", threads));
        json.put("author", intent.author()).put("reason", intent.reason()).put("issuedAt", at(intent.issuedAtMicros()));
        intent.expiresAtMicros().ifPresent(micros -> json.put("expiresAt", at(micros)));
        return json;
    }

    private static String at(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }
}
