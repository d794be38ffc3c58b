package io.lull.job.stream;

import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.Wire;
import java.util.function.Consumer;

/** Decodes records of any input; never throws on any bytes. */
public final class InboundDecoder {
    private static final Wire WIRE = new Wire();

    private InboundDecoder() {}

    /** Hands on what a record holds: itself decoded, or each record of a batch decoded, in order. */
    public static void decodeAll(RawRecord raw, Consumer<Inbound> out) {
        if (raw.input() != Input.TELEMETRY) {
            out.accept(decode(raw));
            return;
        }
        try {
            for (byte[] sample : WIRE.samplesIn(raw.value())) {
                out.accept(decode(raw.within(sample)));
            }
        } catch (BadRecordException e) {
            out.accept(rejected(raw, e));
        }
    }

    /** The record's content, or {@link Inbound.Rejected} with the reason. */
    public static Inbound decode(RawRecord raw) {
        try {
            return switch (raw.input()) {
                case TELEMETRY -> new Inbound.Sample(raw, WIRE.decodeSample(raw.value()));
                case EPOCHS -> new Inbound.Report(raw, WIRE.decodeEpoch(raw.value()));
                case INTENTS -> new Inbound.Intent(raw, WIRE.decodeIntent(raw.value()));
            };
        } catch (BadRecordException e) {
            return rejected(raw, e);
        } catch (RuntimeException e) {
            // Hostile bytes must not stop the job even where the codec has a bug; they are kept and the reason shows
            // it.
            return new Inbound.Rejected(raw, "the codec failed: " + e);
        }
    }

    private static Inbound rejected(RawRecord raw, BadRecordException why) {
        return new Inbound.Rejected(raw, why.where() + ": " + why.what());
    }
}
