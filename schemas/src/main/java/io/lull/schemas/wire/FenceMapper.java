package io.lull.schemas.wire;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceRecord;
import io.lull.policy.fence.FenceState;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Maps {@link FenceRecord}. */
final class FenceMapper {
    private FenceMapper() {}

    static io.lull.schemas.avro.FenceRecord toAvro(FenceRecord record) {
        return new io.lull.schemas.avro.FenceRecord(
                record.vm().value(),
                Symbols.symbol(io.lull.schemas.avro.FenceState.class, record.state()),
                record.term(),
                text(record.run()),
                text(record.session()),
                text(record.taker()),
                record.hostId(),
                record.reason(),
                record.atMicros(),
                record.barred().stream().map(UUID::toString).toList());
    }

    static FenceRecord toPolicy(io.lull.schemas.avro.FenceRecord avro) {
        return new FenceRecord(
                new VmId(avro.getVmId()),
                Symbols.known(FenceState.class, avro.getState()),
                avro.getTerm(),
                id(avro.getRunId()),
                id(avro.getSessionId()),
                id(avro.getTakerId()),
                avro.getHostId(),
                avro.getReason(),
                avro.getAtMicros(),
                avro.getBarredRunIds().stream().map(UUID::fromString).toList());
    }

    private static @Nullable String text(Optional<UUID> id) {
        return id.map(UUID::toString).orElse(null);
    }

    private static Optional<UUID> id(@Nullable String text) {
        return Optional.ofNullable(text).map(UUID::fromString);
    }
}
