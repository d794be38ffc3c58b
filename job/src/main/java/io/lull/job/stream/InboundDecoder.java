package io.lull.job.stream;

import io.lull.policy.VmId;
import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/** Decodes records of any input; never throws on any bytes. */
public final class InboundDecoder {
    private static final Wire WIRE = new Wire();

    /** Bad samples of one batch that are rejected each by itself; with one more the batch is, whole, and read no further. */
    static final int MAX_BAD_SAMPLES = 16;

    /** Between the VM and the slot in the key of an intent. */
    private static final char SLASH = '/';

    private InboundDecoder() {}

    /**
     * Hands on what a record holds: itself decoded, or each sample of a batch decoded, in order; nothing of a tombstone
     * that says nothing. A record comes out at most {@link #MAX_BAD_SAMPLES} + 1 times as bytes, however many it is made of.
     */
    public static void decodeAll(RawRecord raw, Consumer<Inbound> out) {
        if (raw.input() != Input.TELEMETRY || !raw.hasValue()) {
            decode(raw).ifPresent(out);
            return;
        }
        OddSamples odd = new OddSamples(raw, out);
        try {
            WIRE.readSamples(
                    raw.value(), sample -> out.accept(new Inbound.Sample(raw.appendedMillis(), sample)), odd::take);
        } catch (BadRecordException e) {
            out.accept(rejected(raw, e));
        }
        odd.finish();
    }

    /** What of a batch has to go the long way: samples of older versions, and bad ones. */
    private static final class OddSamples {
        private final RawRecord batch;
        private final Consumer<Inbound> out;
        private int bad;

        OddSamples(RawRecord batch, Consumer<Inbound> out) {
            this.batch = batch;
            this.out = out;
        }

        void take(byte[] sample) {
            if (bad > MAX_BAD_SAMPLES) {
                return;
            }
            Inbound decoded = decodeValue(batch.within(sample));
            if (decoded instanceof Inbound.Rejected) {
                bad++;
            }
            if (bad <= MAX_BAD_SAMPLES) {
                out.accept(decoded);
            }
        }

        void finish() {
            if (bad > MAX_BAD_SAMPLES) {
                out.accept(new Inbound.Rejected(
                        batch,
                        "SampleBatch: more than " + MAX_BAD_SAMPLES + " of its samples are bad; this is all of it"));
            }
        }
    }

    /** What a record that is no batch holds, or {@link Inbound.Rejected} with the reason; empty as above. */
    public static Optional<Inbound> decode(RawRecord raw) {
        return raw.hasValue() ? Optional.of(decodeValue(raw)) : withdrawal(raw);
    }

    private static Inbound decodeValue(RawRecord raw) {
        try {
            return switch (raw.input()) {
                case TELEMETRY -> new Inbound.Sample(raw.appendedMillis(), WIRE.decodeSample(raw.value()));
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

    private static Optional<Inbound> withdrawal(RawRecord raw) {
        String key = new String(raw.key(), StandardCharsets.UTF_8);
        int slash = key.indexOf(SLASH);
        if (raw.input() != Input.INTENTS || slash < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Inbound.Withdrawal(raw, new VmId(key.substring(0, slash)), key.substring(slash + 1)));
        } catch (IllegalArgumentException e) {
            // No intent can have had this key.
            return Optional.empty();
        }
    }

    private static Inbound rejected(RawRecord raw, BadRecordException why) {
        return new Inbound.Rejected(raw, why.where() + ": " + why.what());
    }
}
