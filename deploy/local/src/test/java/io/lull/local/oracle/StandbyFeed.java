package io.lull.local.oracle;

import io.lull.local.GuestSpec;
import io.lull.local.GuestSpec.Seat;
import io.lull.worker.backup.Standby;
import io.lull.worker.backup.StandbyQemu;
import io.lull.worker.backup.StandbyQemuOptions;
import io.lull.worker.capture.StreamLayout;
import io.lull.worker.page.ImageLayout;
import io.lull.worker.page.PageMemory;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A standby process, as a backup starts it, that takes a captured image in and runs the guest from there. */
final class StandbyFeed implements AutoCloseable {
    private static final int MAGIC = 0x5145564d;
    private static final int FLAG_MEM_SIZE = 0x04;
    private static final int FLAG_PAGE = 0x08;
    private static final int FLAG_EOS = 0x10;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Seat seat;
    private final Standby standby;

    StandbyFeed(GuestSpec guest, Path folder, Path disk) throws IOException, InterruptedException {
        this.seat = Seat.standby(folder, Optional.of(disk), Optional.empty());
        this.standby = new StandbyQemu(new StandbyQemuOptions(guest.standbyCommand(seat), folder, LIMIT_NANOS)).start();
    }

    Seat seat() {
        return seat;
    }

    /** Fills it with an image and the last device state in it, and returns when the guest runs. */
    void run(StreamLayout layout, PageMemory memory, int deviceStateBytes) throws IOException, InterruptedException {
        List<ImageLayout.Block> ram =
                layout.blocks().blocks().subList(0, layout.blocks().blocks().size() - 1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(MAGIC);
        out.writeInt(3);
        out.write(layout.configuration());
        section(out, 1, layout);
        text(out, "ram");
        out.writeInt(0);
        out.writeInt(4);
        out.writeLong(ram.stream().mapToLong(ImageLayout.Block::byteLength).sum() | FLAG_MEM_SIZE);
        for (ImageLayout.Block block : ram) {
            text(out, block.name());
            out.writeLong(block.byteLength());
        }
        endSection(out, layout);
        section(out, 3, layout);
        for (ImageLayout.Block block : ram) {
            for (int i = 0; i < block.pages(); i++) {
                out.writeLong((long) i * PageMemory.PAGE_BYTES | FLAG_PAGE);
                text(out, block.name());
                page(out, memory, block.firstPage() + i, PageMemory.PAGE_BYTES);
            }
        }
        endSection(out, layout);
        int page = layout.blocks().deviceState().firstPage();
        for (int left = deviceStateBytes; left > 0; left -= PageMemory.PAGE_BYTES, page++) {
            page(out, memory, page, Math.min(left, PageMemory.PAGE_BYTES));
        }
        WritableByteChannel stream = standby.stream();
        ByteBuffer all = ByteBuffer.wrap(bytes.toByteArray());
        while (all.hasRemaining()) {
            stream.write(all);
        }
        stream.close();
        standby.run();
        standby.awaitRunning(LIMIT_NANOS);
    }

    private static void section(DataOutputStream out, int type, StreamLayout layout) throws IOException {
        out.write(type);
        out.writeInt(layout.ramSectionId());
    }

    private static void endSection(DataOutputStream out, StreamLayout layout) throws IOException {
        out.writeLong(FLAG_EOS);
        section(out, 0x7e, layout);
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        out.write(text.length());
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void page(DataOutputStream out, PageMemory memory, int page, int length) throws IOException {
        byte[] content = new byte[length];
        memory.view(page).get(content);
        out.write(content);
    }

    @Override
    public void close() {
        standby.withdraw();
    }
}
