package io.lull.worker.protocol;

import io.lull.policy.Checks;
import io.lull.policy.VmId;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The primary's first words.
 *
 * @param vmId the VM that it protects
 * @param hostId where it runs; where the connection proves who the peer is, the backup holds this against it
 * @param sessionId new for each connection
 * @param onBackupLoss what it does when this connection breaks
 * @param diskBytes size of the replicated disk, 0 without one
 * @param firstEpoch the epoch that the first records belong to
 * @param hashSeed seed of the page hashes, which the guest must not know; a backup that has hashes of the same seed already keeps them
 * @param output what it claims of the VM's output so far
 */
public record Hello(
        VmId vmId,
        String hostId,
        UUID sessionId,
        OnBackupLoss onBackupLoss,
        long diskBytes,
        long firstEpoch,
        long hashSeed,
        OutputClaim output) {
    public static final int MAX_HOST_ID_BYTES = 255;

    public Hello {
        BodyWriter.checkText("hostId", hostId, MAX_HOST_ID_BYTES);
        Checks.notNegative("diskBytes", diskBytes);
        Checks.notNegative("firstEpoch", firstEpoch);
    }

    public Frame frame() {
        return Frame.control(FrameType.HELLO, firstEpoch, encode());
    }

    ByteBuffer encode() {
        BodyWriter body = new BodyWriter(FrameType.HELLO.maxBodyBytes())
                .text(vmId.value())
                .text(hostId)
                .i64(sessionId.getMostSignificantBits())
                .i64(sessionId.getLeastSignificantBits())
                .u8(onBackupLoss.code())
                .i64(diskBytes)
                .i64(firstEpoch)
                .i64(hashSeed);
        output.encode(body);
        return body.done();
    }

    public static Hello decode(ByteBuffer body) throws ProtocolException {
        BodyReader in = new BodyReader(FrameType.HELLO, body);
        VmId vmId;
        try {
            vmId = new VmId(in.text(MAX_HOST_ID_BYTES));
        } catch (IllegalArgumentException e) {
            throw in.fault(String.valueOf(e.getMessage()));
        }
        Hello hello = new Hello(
                vmId,
                in.text(MAX_HOST_ID_BYTES),
                new UUID(in.i64(), in.i64()),
                OnBackupLoss.of(in.u8()),
                in.size("disk size"),
                in.size("first epoch"),
                in.i64(),
                OutputClaim.decode(in));
        in.end();
        return hello;
    }
}
