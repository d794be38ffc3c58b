package io.lull.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HostileBytesTest {
    private static final int RECORDS = 10_000;
    private static final int HEADER = 10;
    private static final long SEED = 20_261_101;

    /** A varint of about 2^62: as length or count it would be the largest allocation that can be asked for. */
    private static final byte[] HUGE = {-1, -1, -1, -1, -1, -1, -1, -1, 0x7f};

    /** A varint of 2^30: a length or count that fits an int and not the record. */
    private static final byte[] LARGE = {-128, -128, -128, -128, 8};

    static List<RecordKind<?>> kinds() {
        return RecordKind.all();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void nothingButBadRecordComesOutOfRandomBytes(RecordKind<?> kind) {
        Random random = new Random(SEED);
        byte[] header = Arrays.copyOf(kind.encodeAny(new RandomValues(SEED)), HEADER);
        for (int i = 0; i < RECORDS; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            if (bytes.length >= HEADER && i % 4 != 0) {
                System.arraycopy(header, 0, bytes, 0, HEADER);
            }
            decodeOrRefuse(kind, bytes, i);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void nothingButBadRecordComesOutOfDamagedRecords(RecordKind<?> kind) {
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < RECORDS; i++) {
            byte[] bytes = kind.encodeAny(new RandomValues(i));
            refused += decodeOrRefuse(kind, damage(bytes, random), i) ? 0 : 1;
        }
        assertThat(refused).as("refused of %d", RECORDS).isGreaterThan(RECORDS / 20);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void allocatesLittleForAHugeLengthWhereverItStands(RecordKind<?> kind) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] record = kind.encodeAny(new RandomValues(SEED));
        decodeOrRefuse(kind, record, 0);
        for (byte[] length : List.of(HUGE, LARGE)) {
            for (int at = HEADER; at <= record.length; at++) {
                byte[] bytes = Arrays.copyOf(record, record.length + length.length);
                System.arraycopy(length, 0, bytes, at, length.length);
                System.arraycopy(record, at, bytes, at + length.length, record.length - at);
                long before = threads.getCurrentThreadAllocatedBytes();
                decodeOrRefuse(kind, bytes, at);
                assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                        .as("bytes allocated for a length of 2^30 or more at byte %d of %d", at, record.length)
                        .isLessThan(1 << 20);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void refusesEveryCutRecord(RecordKind<?> kind) {
        byte[] record = kind.encodeAny(new RandomValues(SEED));
        for (int length = 0; length < record.length; length++) {
            byte[] cut = Arrays.copyOf(record, length);
            assertThatThrownBy(() -> kind.decode().decode(cut))
                    .as("cut to %d of %d bytes", length, record.length)
                    .isInstanceOf(BadRecordException.class);
        }
    }

    private static byte[] damage(byte[] bytes, Random random) {
        int body = bytes.length - HEADER;
        int at = HEADER + random.nextInt(body);
        switch (random.nextInt(4)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> System.arraycopy(HUGE, 0, bytes, at, Math.min(HUGE.length, bytes.length - at));
            case 2 -> bytes[at] = (byte) random.nextInt();
            default -> {
                int end = at + random.nextInt(bytes.length - at);
                for (int i = at; i < end; i++) {
                    bytes[i] = (byte) random.nextInt();
                }
            }
        }
        return bytes;
    }

    /** Whether the bytes were taken; anything but a value or a {@link BadRecordException} fails the test. */
    private static boolean decodeOrRefuse(RecordKind<?> kind, byte[] bytes, int number) {
        try {
            kind.decode().decode(bytes);
            return true;
        } catch (BadRecordException e) {
            assertThat(e.where()).isNotBlank();
            assertThat(e.what()).isNotBlank();
            return false;
        } catch (RuntimeException | Error e) {
            throw new AssertionError(kind + ", seed " + SEED + ", record " + number + ": " + e, e);
        }
    }
}
