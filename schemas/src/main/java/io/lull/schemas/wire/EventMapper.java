package io.lull.schemas.wire;

import io.lull.policy.ReplicationEvent;
import io.lull.policy.VmId;
import io.lull.schemas.avro.EventKind;

/** Maps {@link ReplicationEvent}. */
final class EventMapper {
    private EventMapper() {}

    static io.lull.schemas.avro.ReplicationEvent toAvro(ReplicationEvent event) {
        return new io.lull.schemas.avro.ReplicationEvent(
                event.vm().value(),
                event.hostId(),
                Symbols.symbol(EventKind.class, event.kind()),
                event.atMicros(),
                event.epoch(),
                event.detail());
    }

    static ReplicationEvent toPolicy(io.lull.schemas.avro.ReplicationEvent avro) {
        return new ReplicationEvent(
                new VmId(avro.getVmId()),
                avro.getHostId(),
                Symbols.known(ReplicationEvent.Kind.class, avro.getKind()),
                avro.getAtMicros(),
                avro.getEpoch(),
                avro.getDetail());
    }
}
