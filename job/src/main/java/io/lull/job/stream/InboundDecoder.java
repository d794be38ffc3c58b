package io.lull.job.stream;

import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.Wire;

/** Decodes records of any input; never throws on any bytes. */
public final class InboundDecoder {
    private static final Wire WIRE = new Wire();

    private InboundDecoder() {}

    /** The record's content, or {@link Inbound.Rejected} with the reason. */
    public static Inbound decode(RawRecord raw) {
        try {
            return switch (raw.input()) {
                case TELEMETRY -> new Inbound.Sample(raw, WIRE.decodeSample(raw.value()));
                case EPOCHS -> new Inbound.Report(raw, WIRE.decodeEpoch(raw.value()));
                case INTENTS -> new Inbound.Intent(raw, WIRE.decodeIntent(raw.value()));
            };
        } catch (BadRecordException e) {
            return new Inbound.Rejected(raw, e.where() + ": " + e.what());
        } catch (RuntimeException e) {
            // Hostile bytes must not stop the job even where the codec has a bug; they are kept and the reason shows
            // it.
            return new Inbound.Rejected(raw, "the codec failed: " + e);
        }
    }
}
