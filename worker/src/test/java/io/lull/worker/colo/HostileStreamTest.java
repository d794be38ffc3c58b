package io.lull.worker.colo;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.capture.CaptureException;
import io.lull.worker.page.PageMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What connects is not QEMU, or a QEMU that speaks otherwise than it should: an error that says so, and nothing more. */
@Timeout(60)
class HostileStreamTest {
    private static final long SEED = 8_081;
    private static final int FLIPS = 150;
    private static final int TOO_MANY_PAGES = 401;

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource
    void aStreamThatIsWrongEndsTheSource(String what, QemuStream stream, String message) throws Exception {
        try (SourceUnderTest qemu = new SourceUnderTest(folder)) {
            if (stream.isAfterReady()) {
                qemu.begin();
            }
            qemu.send(stream.bytes());

            assertThat(qemu.end())
                    .as(what)
                    .isInstanceOf(CaptureException.class)
                    .hasMessageContaining(message)
                    .hasMessageNotContaining("\n");
        }
    }

    static Stream<Arguments> aStreamThatIsWrongEndsTheSource() {
        long page = PageMemory.PAGE_BYTES;
        return Stream.of(
                Arguments.of("HTTP", new QemuStream().raw("GET / HTTP/1.1".getBytes()), "migration stream"),
                Arguments.of("version", new QemuStream().u32(0x5145564D).u32(4), "version 3"),
                Arguments.of(
                        "name", new QemuStream().u32(0x5145564D).u32(3).u8(7).u32(-1), "length -1"),
                Arguments.of(
                        "huge name",
                        new QemuStream().u32(0x5145564D).u32(3).u8(7).u32(1 << 30),
                        "length"),
                Arguments.of(
                        "a subsection",
                        new QemuStream().header().u8(5).str8("configuration/capabilities"),
                        "subsection 'configuration/capabilities'"),
                Arguments.of(
                        "another section",
                        new QemuStream()
                                .header()
                                .u8(1)
                                .u32(1)
                                .str8("vfio")
                                .u32(0)
                                .u32(1),
                        "vfio"),
                Arguments.of("a block too long", sized(2 * page, "a", 3 * page), "impossible length"),
                Arguments.of("a negative block", sized(2 * page, "a", -page), "impossible length"),
                Arguments.of(
                        "two equal blocks", sized(2 * page, "a", page).str8("a").u64(page), "named a"),
                Arguments.of("an unknown block", ram().page("vga", 0, 1), "unannounced RAM block 'vga'"),
                Arguments.of("our own block", ram().page("device-state", 0, 1), "'device-state'"),
                Arguments.of("a page outside", ram().page("ram", QemuStream.RAM_PAGES, 1), "outside RAM block ram"),
                Arguments.of(
                        "a page far outside", ram().u64(0x7fff_ffff_ffff_f008L).str8("ram"), "outside"),
                Arguments.of("no block yet", ram().u64(QemuStream.PAGE | QemuStream.CONTINUE), "names no block"),
                Arguments.of("XBZRLE", ram().u64(0x40), "flags 0x40"),
                Arguments.of("compressed", ram().u64(0x100), "flags 0x100"),
                Arguments.of("page and zero at once", ram().u64(0x0a), "flags 0xa"),
                Arguments.of("a fill", ram().u64(0x02).str8("ram").u8(7), "filled with 0x7"),
                Arguments.of(
                        "a wrong footer", ram().u64(QemuStream.EOS).u8(0x7E).u32(9), "instead of its footer"),
                Arguments.of("no footer", ram().u64(QemuStream.EOS).u8(1).u32(QemuStream.SECTION), "footer"),
                Arguments.of("another section id", ram().endOfRam().u8(2).u32(77), "section 77"),
                Arguments.of("a device early", ram().endOfRam().u8(4).u32(3), "type 4"),
                Arguments.of("an unknown message", QemuStream.afterReady().u32(99), "unknown COLO message 99"),
                Arguments.of("a negative message", QemuStream.afterReady().u32(-1), "unknown COLO message"),
                Arguments.of("a message out of turn", QemuStream.afterReady().u32(6), "VMSTATE_LOADED instead of"),
                Arguments.of(
                        "SEND without a reply",
                        QemuStream.afterReady().request().request(),
                        "instead of VMSTATE_SEND"),
                Arguments.of("a huge device state", sent().u32(4).u64(1L << 40), "device state has"),
                Arguments.of("an empty device state", sent().u32(4).u64(0), "device state has 0 bytes"),
                Arguments.of("a negative device state", sent().u32(4).u64(-1), "device state has -1 bytes"),
                Arguments.of("more pages than there can be", flood(), "more than 400 pages"));
    }

    private static QemuStream sized(long total, String name, long length) {
        return new QemuStream()
                .header()
                .u8(1)
                .u32(2)
                .str8("ram")
                .u32(0)
                .u32(4)
                .u64(total | 4)
                .str8(name)
                .u64(length);
    }

    private static QemuStream ram() {
        return new QemuStream().header().blocks();
    }

    /** Up to where a checkpoint's device state comes. */
    private static QemuStream sent() {
        return QemuStream.afterReady().request().u32(3).section(3).endOfRam().u8(0);
    }

    private static QemuStream flood() {
        QemuStream stream = QemuStream.afterReady().request().u32(3).section(3);
        for (int i = 0; i < TOO_MANY_PAGES; i++) {
            stream.nextZero(i % QemuStream.RAM_PAGES);
        }
        return stream;
    }

    @Test
    void aFlippedBitNeverMakesItHangOrFailLikeABug() throws Exception {
        byte[] whole = QemuStream.initial().bytes();
        Random random = new Random(SEED);
        for (int i = 0; i < FLIPS; i++) {
            byte[] flipped = whole.clone();
            int at = random.nextInt(8) < 5 ? random.nextInt(120) : random.nextInt(whole.length);
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            try (SourceUnderTest qemu = new SourceUnderTest(folder)) {
                qemu.send(flipped);
                qemu.hangUp();

                assertThat(qemu.end()).as("bit of byte %d, seed %d", at, SEED).isInstanceOf(IOException.class);
            }
        }
    }
}
