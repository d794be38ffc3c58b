package io.lull.worker.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.VmId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BodiesTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final int ROUNDS = 200;

    private final Random random = new Random(SEED);

    BodiesTest() {
        System.out.println("BodiesTest: -Dlull.seed=" + SEED);
    }

    @Test
    void everyBodySurvivesTheRoundTrip() throws ProtocolException {
        for (int i = 0; i < ROUNDS; i++) {
            Hello hello = hello();
            assertThat(Hello.decode(hello.encode())).isEqualTo(hello);
            Welcome welcome = new Welcome(random.nextBoolean() ? OptionalLong.of(epoch()) : OptionalLong.empty());
            assertThat(Welcome.decode(welcome.encode())).isEqualTo(welcome);
            Refused refused = new Refused(pick(RefusalReason.values()), text(200));
            assertThat(Refused.decode(refused.encode())).isEqualTo(refused);
            Layout layout = layout();
            assertThat(Layout.decode(layout.encode())).isEqualTo(layout);
            Hashes hashes = new Hashes(random.nextInt(1000), bytes(16 * (1 + random.nextInt(50))));
            assertThat(Hashes.decode(hashes.encode())).isEqualTo(hashes);
            DiskWrite write = new DiskWrite(epoch(), bytes(1 + random.nextInt(9000)));
            assertThat(DiskWrite.decode(write.encode())).isEqualTo(write);
            DiskZero zero = new DiskZero(epoch(), 1 + epoch());
            assertThat(DiskZero.decode(zero.encode())).isEqualTo(zero);
            EpochEnd end = new EpochEnd(
                    random.nextInt(FrameHeader.MAX_RECORDS),
                    random.nextInt(),
                    random.nextInt(1 << 20),
                    epoch(),
                    epoch());
            assertThat(EpochEnd.decode(end.encode())).isEqualTo(end);
            Digest digest = digest();
            assertThat(Digest.decode(digest.encode())).isEqualTo(digest);
            Verified verified = verified();
            assertThat(Verified.decode(verified.encode())).isEqualTo(verified);
            Bye bye = new Bye(text(200));
            assertThat(Bye.decode(bye.encode())).isEqualTo(bye);
        }
    }

    @Test
    void aTruncatedOrMutatedBodyIsReadOrRefusedButNeverABug() {
        for (int i = 0; i < ROUNDS; i++) {
            for (Frame frame : frames()) {
                ByteBuffer body = mutated(frame.payload());
                try {
                    decode(frame.header().type(), body);
                } catch (ProtocolException expected) {
                    assertThat(expected).hasMessageContaining("frame");
                }
            }
        }
    }

    @Test
    void refusesALayoutWhoseLastBlockIsNotTheDeviceState() {
        List<RamBlock> blocks = List.of(new RamBlock("pc.ram", 4096), new RamBlock("pc.bios", 4096));
        assertThatThrownBy(() -> new Layout(2, bytes(3), blocks)).hasMessageContaining("device-state");
    }

    @Test
    void refusesALayoutWhosePagesOverflow() {
        long half = (Layout.MAX_PAGES / 2 + 1) * RamBlock.PAGE_BYTES;
        List<RamBlock> blocks = List.of(
                new RamBlock("a", half), new RamBlock("b", half), new RamBlock(Layout.DEVICE_STATE_BLOCK, 4096));
        assertThatThrownBy(() -> new Layout(2, bytes(3), blocks)).hasMessageContaining("more than");
    }

    @Test
    void theRollingCrcDependsOnTheOrder() {
        assertThat(EpochEnd.rollingCrc(new int[] {1, 2, 3}, 3))
                .isNotEqualTo(EpochEnd.rollingCrc(new int[] {2, 1, 3}, 3))
                .isEqualTo(EpochEnd.rollingCrc(new int[] {1, 2, 3, 9}, 3));
    }

    private List<Frame> frames() {
        return List.of(
                hello().frame(),
                new Welcome(OptionalLong.of(epoch())).frame(),
                new Refused(pick(RefusalReason.values()), text(20)).frame(),
                layout().frame(),
                new Hashes(3, bytes(32)).frame(),
                new DiskWrite(3, bytes(32)).frame(1, 2),
                new DiskZero(3, 4).frame(1, 2),
                new EpochEnd(1, 2, 3, 4, 5).frame(6),
                digest().frame(1),
                verified().frame(1),
                new Bye(text(20)).frame(),
                new Handover(epoch(), text(20)).frame(),
                new HandedOver(epoch(), pick(HandedOver.Result.values()), text(20)).frame());
    }

    private static void decode(FrameType type, ByteBuffer body) throws ProtocolException {
        Object ignored =
                switch (type) {
                    case HELLO -> Hello.decode(body);
                    case WELCOME -> Welcome.decode(body);
                    case REFUSED -> Refused.decode(body);
                    case LAYOUT -> Layout.decode(body);
                    case HASHES -> Hashes.decode(body);
                    case DISK_WRITE -> DiskWrite.decode(body);
                    case DISK_ZERO -> DiskZero.decode(body);
                    case EPOCH_END -> EpochEnd.decode(body);
                    case DIGEST -> Digest.decode(body);
                    case VERIFIED -> Verified.decode(body);
                    case BYE -> Bye.decode(body);
                    case HANDOVER -> Handover.decode(Frame.control(type, 1, body));
                    case HANDED_OVER -> HandedOver.decode(Frame.control(type, 1, body));
                    case PAGES, ACK, HEARTBEAT -> throw new IllegalArgumentException("has no body here");
                };
        assertThat(ignored).isNotNull();
    }

    private ByteBuffer mutated(ByteBuffer body) {
        ByteBuffer copy = ByteBuffer.allocate(body.remaining());
        copy.put(body.duplicate()).flip();
        for (int flips = random.nextInt(4); flips > 0; flips--) {
            copy.put(random.nextInt(copy.limit()), (byte) random.nextInt());
        }
        return copy.limit(random.nextInt(4) == 0 ? random.nextInt(copy.limit() + 1) : copy.limit());
    }

    private Hello hello() {
        return new Hello(
                new VmId("vm-" + random.nextInt(1000)),
                text(30),
                new UUID(random.nextLong(), random.nextLong()),
                pick(OnBackupLoss.values()),
                epoch(),
                epoch(),
                random.nextLong(),
                new OutputClaim(
                        new UUID(random.nextLong(), random.nextLong()),
                        random.nextBoolean() ? OptionalLong.of(epoch()) : OptionalLong.empty()));
    }

    private Layout layout() {
        List<RamBlock> blocks = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            blocks.add(new RamBlock("block" + i, 4096L * (1 + random.nextInt(1 << 20))));
        }
        blocks.add(new RamBlock(Layout.DEVICE_STATE_BLOCK, 1 << 20));
        return new Layout(random.nextInt(), bytes(random.nextInt(100)), blocks);
    }

    private Digest digest() {
        List<Digest.Range> ranges = new ArrayList<>();
        for (int i = random.nextInt(Digest.MAX_RANGES); i >= 0; i--) {
            ranges.add(new Digest.Range(
                    random.nextInt(1 << 20), 1 + random.nextInt(1 << 20), random.nextLong(), random.nextLong()));
        }
        return new Digest(ranges);
    }

    private Verified verified() {
        Verified.Result result = pick(Verified.Result.values());
        return result == Verified.Result.DIFFERENT
                ? new Verified(result, random.nextInt(100), 1 + random.nextInt(100))
                : new Verified(result, 0, 0);
    }

    private ByteBuffer bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private String text(int maxLength) {
        return "äx€z".repeat(1 + random.nextInt(maxLength / 10));
    }

    private long epoch() {
        return random.nextLong() >>> 2;
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
