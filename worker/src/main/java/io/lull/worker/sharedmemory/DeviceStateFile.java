package io.lull.worker.sharedmemory;

import io.lull.worker.capture.CaptureException;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.page.ImageLayout;
import io.lull.worker.page.OffHeap;
import io.lull.worker.page.PageMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file to which QEMU saves the device state: u32 "QEVM", u32 3, and the state as COLO would send it. For one thread.
 */
final class DeviceStateFile {
    private static final int MAGIC = 0x5145564d;
    private static final int VERSION = 3;
    static final int HEAD_BYTES = 8;

    private final Path file;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(HEAD_BYTES + ImageLayout.DEVICE_STATE_BYTES);
    private final long[] place = new long[1];

    DeviceStateFile(Path file) {
        this.file = file;
    }

    Path path() {
        return file;
    }

    /**
     * Stages what QEMU has saved as pages of a block, the last one padded with zeros.
     *
     * @return length of the device state in bytes
     */
    int stage(StagingArea staging, ImageLayout.Block block) throws IOException {
        read();
        if (bytes.remaining() <= HEAD_BYTES || bytes.getInt() != MAGIC || bytes.getInt() != VERSION) {
            throw new CaptureException("QEMU saved no device state of version " + VERSION + " to " + file);
        }
        int length = bytes.remaining();
        long from = OffHeap.address(bytes) + HEAD_BYTES;
        int page = block.firstPage();
        for (int done = 0; done < length; done += PageMemory.PAGE_BYTES, page++) {
            int piece = Math.min(PageMemory.PAGE_BYTES, length - done);
            staging.take(1, place);
            OffHeap.copy(from + done, place[0], piece);
            OffHeap.fill(place[0] + piece, PageMemory.PAGE_BYTES - piece, (byte) 0);
            staging.add(page, place[0]);
        }
        return length;
    }

    private void read() throws IOException {
        bytes.clear();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > bytes.capacity()) {
                throw new CaptureException("QEMU's device state in " + file + " has " + channel.size()
                        + " bytes; the limit is " + ImageLayout.DEVICE_STATE_BYTES);
            }
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // Reads on.
            }
        }
        bytes.flip();
    }
}
