package io.lull.worker.primary;

import io.lull.worker.disk.DiskSink;
import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.DiskZero;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.ship.BackupLink;
import java.nio.ByteBuffer;

/** Sends disk writes to the backup as records of their epoch, as they come. */
final class LinkDiskSink implements DiskSink {
    private final BackupLink link;
    private final EpochRecords records;

    LinkDiskSink(BackupLink link, EpochRecords records) {
        this.link = link;
        this.records = records;
    }

    @Override
    public void write(long epoch, long offset, ByteBuffer data) {
        send(epoch, new DiskWrite(offset, data).frame(epoch, 0));
    }

    @Override
    public void zero(long epoch, long offset, long length) {
        send(epoch, new DiskZero(offset, length).frame(epoch, 0));
    }

    private void send(long epoch, Frame frame) {
        FrameHeader header = frame.header();
        int sequence = records.next(epoch, header.crc32c(), header.payloadBytes(), 0);
        try {
            link.send(numbered(frame, sequence));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Frame numbered(Frame frame, int sequence) {
        FrameHeader header = frame.header();
        return new Frame(
                new FrameHeader(
                        header.type(),
                        header.codec(),
                        header.pages(),
                        header.epoch(),
                        sequence,
                        header.payloadBytes(),
                        header.rawBytes(),
                        header.crc32c()),
                frame.payload());
    }
}
