package io.lull.worker.backup;

import io.lull.policy.Checks;
import io.lull.worker.protocol.EpochEnd;
import io.lull.worker.protocol.ProtocolException;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The promise that a complete epoch will be in the image, as its slot keeps it.
 *
 * @param store the backup store that the slot belongs to
 * @param number which promise of the store, from 1 without gaps
 * @param image what the epoch is to be applied to
 * @param session in which it came
 * @param epoch the primary's number of it
 * @param end what its EPOCH_END said
 * @param logBytes bytes of the slot that are in use
 */
record RedoSeal(UUID store, long number, UUID image, UUID session, long epoch, EpochEnd end, long logBytes) {
    private static final int MAX_BYTES = 256;

    RedoSeal {
        Checks.positive("number", number);
        Checks.notNegative("epoch", epoch);
        Checks.positive("logBytes", logBytes);
    }

    ByteBuffer encode() {
        ByteBuffer body = new KeptWriter(MAX_BYTES)
                .id(store)
                .i64(number)
                .id(image)
                .id(session)
                .i64(epoch)
                .bytes(end.frame(epoch).payload())
                .i64(logBytes)
                .done();
        return KeptRecord.encode(KeptRecord.Kind.SEAL, body);
    }

    static RedoSeal decode(ByteBuffer bytes, String where) throws UnreadableException {
        KeptReader in = new KeptReader(KeptRecord.decode(KeptRecord.Kind.SEAL, bytes, where), where);
        try {
            RedoSeal seal =
                    new RedoSeal(in.id(), in.i64(), in.id(), in.id(), in.i64(), EpochEnd.decode(in.bytes()), in.i64());
            in.end();
            return seal;
        } catch (ProtocolException | IllegalArgumentException e) {
            throw new UnreadableException(where + ": " + e.getMessage());
        }
    }
}
