package io.lull.schemas.wire;

import io.lull.policy.Decision;
import io.lull.policy.Reason;
import io.lull.policy.VmId;
import io.lull.schemas.avro.DecisionKind;
import io.lull.schemas.avro.NamedValue;

/** Maps {@link Decision}. */
final class DecisionMapper {
    private DecisionMapper() {}

    static io.lull.schemas.avro.Decision toAvro(Decision decision) {
        return new io.lull.schemas.avro.Decision(
                decision.vm().value(),
                decision.decisionId(),
                decision.decidedAtMicros(),
                decision.epoch(),
                decision.policy(),
                Symbols.symbol(DecisionKind.class, decision.kind()),
                decision.inputs().stream()
                        .map(input -> new NamedValue(input.name(), input.value()))
                        .toList(),
                decision.candidates(),
                decision.guards(),
                decision.reason().parts());
    }

    static Decision toPolicy(io.lull.schemas.avro.Decision avro) {
        return new Decision(
                new VmId(avro.getVmId()),
                avro.getDecisionId(),
                avro.getDecidedAtMicros(),
                avro.getEpoch(),
                avro.getPolicy(),
                Symbols.known(Decision.Kind.class, avro.getKind()),
                avro.getInputs().stream()
                        .map(input -> new Decision.NamedValue(input.getName(), input.getValue()))
                        .toList(),
                avro.getCandidates(),
                avro.getGuards(),
                new Reason(avro.getReason()));
    }
}
