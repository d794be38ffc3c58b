package io.lull.schemas.wire;

import io.lull.policy.OperatorIntent;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.VmId;
import io.lull.schemas.avro.IntentKind;
import io.lull.schemas.avro.IntentPlacement;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

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
                nullable(intent.intervalNanos()),
                nullable(intent.maxEpochNanos()),
                placement,
                intent.author(),
                intent.reason(),
                intent.issuedAtMicros(),
                nullable(intent.expiresAtMicros()),
                nullable(targets.outputDelayP99Nanos()),
                nullable(targets.overheadRatio()),
                nullable(targets.shippedBytesPerSecond()));
    }

    static OperatorIntent toPolicy(io.lull.schemas.avro.OperatorIntent avro) {
        return new OperatorIntent(
                new VmId(avro.getVmId()),
                Symbols.known(OperatorIntent.Kind.class, avro.getKind()),
                Optional.ofNullable(avro.getPolicy()),
                optional(avro.getIntervalNanos()),
                optional(avro.getMaxEpochNanos()),
                Optional.ofNullable(avro.getPlacement()).map(value -> Symbols.known(TriggerPlacement.class, value)),
                new Targets(
                        optional(avro.getOutputDelayP99Nanos()),
                        optional(avro.getOverheadRatio()),
                        optional(avro.getShippedBytesPerSecond())),
                avro.getAuthor(),
                avro.getReason(),
                avro.getIssuedAtMicros(),
                optional(avro.getExpiresAtMicros()));
    }

    private static @Nullable Long nullable(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    private static @Nullable Double nullable(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    private static OptionalDouble optional(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static OptionalLong optional(@Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
