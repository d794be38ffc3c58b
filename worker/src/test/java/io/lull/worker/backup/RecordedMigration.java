package io.lull.worker.backup;

import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.RamBlock;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a real QEMU wrote when it was told to migrate. */
final class RecordedMigration {
    private static final int HEADER_BYTES = 8;
    private static final int START = 1;

    final Layout layout;
    final StandbyImage image = new StandbyImage();

    RecordedMigration(byte[] stream) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(stream));
        in.skipNBytes(HEADER_BYTES + 1);
        int nameLength = in.readInt();
        in.skipNBytes(nameLength);
        int configurationBytes = 1 + 4 + nameLength;
        if (in.readByte() != START) {
            throw new IOException("the configuration section has parts that this recorder doesn't know");
        }
        int section = in.readInt();
        in.skipNBytes(in.readUnsignedByte() + 8L);
        long left = in.readLong() & ~0xfffL;
        List<RamBlock> blocks = new ArrayList<>();
        while (left > 0) {
            String name = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
            long length = in.readLong();
            blocks.add(new RamBlock(name, length));
            left -= length;
        }
        blocks.add(new RamBlock(Layout.DEVICE_STATE_BLOCK, 1 << 20));
        layout = new Layout(section, ByteBuffer.wrap(stream, HEADER_BYTES, configurationBytes), blocks);
        image.read(new ByteArrayInputStream(stream), layout);
    }

    /** Puts the recorded memory into an image. */
    void copyTo(CommittedImage target) {
        byte[] ram = image.ram();
        for (int page = 0; page < target.ramPages(); page++) {
            target.memory().view(page).put(ram, page * RamBlock.PAGE_BYTES, RamBlock.PAGE_BYTES);
        }
    }
}
