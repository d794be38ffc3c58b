package io.lull.worker.backup;

import io.lull.worker.protocol.Layout;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The receiving side of the standby stream, written from the format's description and not from the sender. */
final class StandbyImage {
    final Map<String, byte[]> blocks = new LinkedHashMap<>();
    byte[] deviceState = new byte[0];
    int parts;
    int zeroRecords;
    private int section;
    private String block = "";

    /** Reads a whole stream; the VM "runs" when this returns. */
    void read(InputStream stream, Layout layout) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        require(in.readInt() == 0x5145564d && in.readInt() == 3, "header");
        byte[] configuration = in.readNBytes(layout.configuration().remaining());
        require(Arrays.equals(configuration, bytes(layout)), "configuration");
        require(in.readByte() == 1, "START");
        section = in.readInt();
        require(section == layout.ramSectionId() && text(in).equals("ram"), "ram section");
        require(in.readInt() == 0 && in.readInt() == 4, "ram instance and version");
        body(in);
        int type = in.readByte();
        while (type == 2) {
            require(in.readInt() == section, "section id");
            body(in);
            parts++;
            type = in.readByte();
        }
        require(type == 3 && in.readInt() == section, "END");
        body(in);
        deviceState = in.readAllBytes();
        if (deviceState.length == 0) {
            throw new EOFException("no device state");
        }
    }

    private static byte[] bytes(Layout layout) {
        byte[] bytes = new byte[layout.configuration().remaining()];
        layout.configuration().duplicate().get(bytes);
        return bytes;
    }

    private void body(DataInputStream in) throws IOException {
        long word = in.readLong();
        while ((word & 0xfff) != 0x10) {
            long value = word & ~0xfffL;
            int flags = (int) (word & 0xfff);
            if (flags == 4) {
                blockList(in, value);
            } else {
                page(in, value, flags);
            }
            word = in.readLong();
        }
        require(in.readByte() == 0x7e && in.readInt() == section, "footer");
    }

    private void blockList(DataInputStream in, long total) throws IOException {
        long left = total;
        while (left > 0) {
            String name = text(in);
            long length = in.readLong();
            blocks.put(name, new byte[(int) length]);
            left -= length;
        }
        require(left == 0, "block lengths");
    }

    private void page(DataInputStream in, long offset, int flags) throws IOException {
        if ((flags & 0x20) == 0) {
            block = text(in);
        }
        byte[] target = blocks.get(block);
        require(target != null && offset + 4096 <= target.length, "page " + offset + " of " + block);
        int kind = flags & ~0x20;
        if (kind == 8) {
            in.readFully(target, (int) offset, 4096);
        } else {
            require(kind == 2, "flags " + flags);
            Arrays.fill(target, (int) offset, (int) offset + 4096, in.readByte());
            zeroRecords++;
        }
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
    }

    private static void require(boolean right, String what) throws IOException {
        if (!right) {
            throw new IOException("standby stream: wrong " + what);
        }
    }

    /** All blocks one after the other. */
    byte[] ram() {
        int length = blocks.values().stream().mapToInt(b -> b.length).sum();
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] bytes : blocks.values()) {
            System.arraycopy(bytes, 0, all, at, bytes.length);
            at += bytes.length;
        }
        return all;
    }
}
