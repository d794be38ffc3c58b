package io.lull.worker.colo;

import io.lull.worker.page.PageMemory;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the bytes that QEMU sends in COLO. The machine has two blocks: "ram" of 8 pages and "rom" of 2. */
final class QemuStream {
    static final int RAM_PAGES = 8;
    static final int ROM_PAGES = 2;
    static final int SECTION = 2;

    static final int PAGE = 0x08;
    static final int ZERO = 0x02;
    static final int CONTINUE = 0x20;
    static final int EOS = 0x10;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    private final boolean afterReady;

    /** A stream from its first byte. */
    QemuStream() {
        this(false);
    }

    private QemuStream(boolean afterReady) {
        this.afterReady = afterReady;
    }

    /** What QEMU says once it heard READY; until then it is silent, by which the end of the initial stream is known. */
    static QemuStream afterReady() {
        return new QemuStream(true);
    }

    boolean isAfterReady() {
        return afterReady;
    }

    private interface Write {
        void to(DataOutputStream out) throws IOException;
    }

    private QemuStream put(Write write) {
        try {
            write.to(out);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    QemuStream u8(int value) {
        return put(o -> o.writeByte(value));
    }

    QemuStream u32(int value) {
        return put(o -> o.writeInt(value));
    }

    QemuStream u64(long value) {
        return put(o -> o.writeLong(value));
    }

    QemuStream raw(byte[] value) {
        return put(o -> o.write(value));
    }

    QemuStream str8(String text) {
        return u8(text.length()).raw(text.getBytes(StandardCharsets.US_ASCII));
    }

    QemuStream header() {
        return u32(0x5145564D).u32(3).u8(7).u32(2).raw(new byte[] {'p', 'c'}).raw(new byte[] {8, 0, 8, 0, 0});
    }

    QemuStream blocks() {
        u8(1).u32(SECTION).str8("ram").u32(0).u32(4);
        u64((long) (RAM_PAGES + ROM_PAGES) * PageMemory.PAGE_BYTES | 0x04);
        str8("ram").u64((long) RAM_PAGES * PageMemory.PAGE_BYTES);
        return str8("rom").u64((long) ROM_PAGES * PageMemory.PAGE_BYTES);
    }

    /** A page of one value, with its block's name. */
    QemuStream page(String block, int page, int value) {
        return u64((long) page * PageMemory.PAGE_BYTES | PAGE).str8(block).raw(filled(value));
    }

    /** A page of the block of the record before. */
    QemuStream nextPage(int page, int value) {
        return u64((long) page * PageMemory.PAGE_BYTES | PAGE | CONTINUE).raw(filled(value));
    }

    /** A zero page of the block of the record before. */
    QemuStream nextZero(int page) {
        return u64((long) page * PageMemory.PAGE_BYTES | ZERO | CONTINUE).u8(0);
    }

    QemuStream endOfRam() {
        return u64(EOS).u8(0x7E).u32(SECTION);
    }

    QemuStream section(int type) {
        return u8(type).u32(SECTION);
    }

    /** The first device state and its description. */
    QemuStream firstState() {
        byte[] json = "{\"page_size\": 4096, \"devices\": []}".getBytes(StandardCharsets.US_ASCII);
        return u8(4).raw(new byte[100]).u8(0).u8(6).u32(json.length).raw(json);
    }

    /** A whole initial stream: six pages of "ram", one of "rom". */
    static QemuStream initial() {
        return new QemuStream()
                .header()
                .blocks()
                .page("ram", 0, 1)
                .nextPage(1, 2)
                .nextZero(2)
                .endOfRam()
                .section(2)
                .page("rom", 1, 3)
                .endOfRam()
                .section(3)
                .page("ram", 3, 4)
                .nextPage(0, 5)
                .endOfRam()
                .firstState();
    }

    QemuStream request() {
        return u32(1);
    }

    /** What follows a reply: two pages, one of them without its block's name, and a device state. */
    QemuStream checkpoint(int value, int stateBytes) {
        byte[] state = new byte[stateBytes];
        Arrays.fill(state, (byte) (value + 1));
        return u32(3).section(3)
                .nextPage(4, value)
                .page("rom", 0, value)
                .page("ram", 7, value)
                .endOfRam()
                .u8(0)
                .u32(4)
                .u64(stateBytes)
                .raw(state);
    }

    static byte[] filled(int value) {
        byte[] page = new byte[PageMemory.PAGE_BYTES];
        Arrays.fill(page, (byte) value);
        return page;
    }
}
