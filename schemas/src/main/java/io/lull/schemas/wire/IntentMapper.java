package io.lull.schemas.wire;

import io.lull.policy.OperatorIntent;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.VmId;
import io.lull.schemas.avro.IntentKind;
import io.lull.schemas.avro.IntentPlacement;
import java.util.Optional;

/** Maps {@link OperatorIntent}. */
final class IntentMapper {
    private IntentMapper() {}

    static io.lull.schemas.avro.OperatorIntent toAvro(OperatorIntent intent) {
        Targets targets = intent.targets();
        IntentPlacement placement = intent.placement()
                .map(value -> Symbols.symbol(IntentPlacement.class, value))
                .orElse(null);
        return new io.lull.schemas.avro.OperatorIntent(
                intent.vm().value(),
                Symbols.symbol(IntentKind.class, intent.kind()),
                intent.policy().orElse(null),
                Nullables.nullable(intent.intervalNanos()),
                Nullables.nullable(intent.maxEpochNanos()),
                placement,
                intent.author(),
                intent.reason(),
                intent.issuedAtMicros(),
                Nullables.nullable(intent.expiresAtMicros()),
                Nullables.nullable(targets.outputDelayP99Nanos()),
                Nullables.nullable(targets.overheadRatio()),
                Nullables.nullable(targets.shippedBytesPerSecond()),
                Nullables.nullable(targets.encodeThreads()));
    }

    static OperatorIntent toPolicy(io.lull.schemas.avro.OperatorIntent avro) {
        return new OperatorIntent(
                new VmId(avro.getVmId()),
                Symbols.known(OperatorIntent.Kind.class, avro.getKind()),
                Optional.ofNullable(avro.getPolicy()),
                Nullables.optional(avro.getIntervalNanos()),
                Nullables.optional(avro.getMaxEpochNanos()),
                Optional.ofNullable(avro.getPlacement()).map(value -> Symbols.known(TriggerPlacement.class, value)),
                new Targets(
                        Nullables.optional(avro.getOutputDelayP99Nanos()),
                        Nullables.optional(avro.getOverheadRatio()),
                        Nullables.optional(avro.getShippedBytesPerSecond()),
                        Nullables.optional(avro.getEncodeThreads())),
                avro.getAuthor(),
                avro.getReason(),
                avro.getIssuedAtMicros(),
                Nullables.optional(avro.getExpiresAtMicros()));
    }
}
