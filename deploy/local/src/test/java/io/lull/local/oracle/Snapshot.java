package io.lull.local.oracle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Room for a paused guest's memory and disk; used again for one epoch after another. */
final class Snapshot {
    private final ByteBuffer ram;
    private final ByteBuffer disk;

    Snapshot(int ramBytes, int diskBytes) {
        this.ram = ByteBuffer.allocateDirect(ramBytes);
        this.disk = ByteBuffer.allocateDirect(diskBytes);
    }

    /** Copies memory and disk as they are now. */
    void take(ByteBuffer guestRam, FileChannel guestDisk) throws IOException {
        ram.clear().put(guestRam.duplicate().clear());
        read(guestDisk, disk);
    }

    /** Reads a whole file that has the buffer's size. */
    static void read(FileChannel file, ByteBuffer into) throws IOException {
        into.clear();
        while (into.hasRemaining()) {
            if (file.read(into, into.position()) < 0) {
                throw new IOException("the disk file ends at " + into.position() + ", expected " + into.capacity());
            }
        }
    }

    ByteBuffer ramPage(int page, int pageBytes) {
        return ram.slice(page * pageBytes, pageBytes);
    }

    ByteBuffer diskBlock(int block, int blockBytes) {
        return disk.slice(block * blockBytes, blockBytes);
    }
}
