package io.lull.worker.record;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lull.policy.Decision;
import io.lull.policy.signal.EpochReport;
import java.util.List;

/**
 * Writes explanations for programs: an array of {@code {epoch, vm, reason, decidedBy, report, decision}}. The fields of
 * {@code report} and {@code decision} are named as in the schemas; {@code decision} is left out where there is none.
 */
public final class ExplanationJson {
    private static final JsonMapper JSON = new JsonMapper();

    private ExplanationJson() {}

    public static ArrayNode of(List<Explanation> explanations) {
        ArrayNode array = JSON.createArrayNode();
        explanations.forEach(explanation -> array.add(of(explanation)));
        return array;
    }

    private static ObjectNode of(Explanation explanation) {
        EpochReport report = explanation.report();
        ObjectNode json = JSON.createObjectNode()
                .put("epoch", report.epoch())
                .put("vm", report.vm().value())
                .put("reason", report.reason().name())
                .put("why", ExplanationText.sentence(report.reason()))
                .put("decidedBy", explanation.source().name());
        json.set("report", report(report));
        explanation.decision().ifPresent(decision -> json.set("decision", decision(decision)));
        return json;
    }

    private static ObjectNode report(EpochReport report) {
        ObjectNode json = JSON.createObjectNode()
                .put("hostId", report.hostId())
                .put("decisionId", report.decisionId())
                .put("endedAtMicros", report.endedAtMicros())
                .put("lengthNanos", report.lengthNanos());
        json.set("pause", JSON.valueToTree(report.pause()));
        json.set("pages", JSON.valueToTree(report.pages()));
        json.set("bytes", JSON.valueToTree(report.bytes()));
        json.set("stages", JSON.valueToTree(report.stages()));
        json.set("held", JSON.valueToTree(report.held()));
        json.set("trigger", JSON.valueToTree(report.trigger()));
        return json;
    }

    private static ObjectNode decision(Decision decision) {
        ObjectNode json = JSON.createObjectNode()
                .put("decisionId", decision.decisionId())
                .put("decidedAtMicros", decision.decidedAtMicros())
                .put("epoch", decision.epoch())
                .put("policy", decision.policy())
                .put("kind", decision.kind().name());
        ObjectNode inputs = json.putObject("inputs");
        decision.inputs().forEach(input -> inputs.put(input.name(), input.value()));
        json.set("candidates", JSON.valueToTree(decision.candidates()));
        json.set("guards", JSON.valueToTree(decision.guards()));
        json.set("reason", JSON.valueToTree(decision.reason().parts()));
        return json;
    }
}
