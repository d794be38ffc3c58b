package io.lull.worker.backup;

import io.lull.policy.VmId;
import io.lull.worker.page.ChunkCodec;
import io.lull.worker.page.EncodeSettings;
import io.lull.worker.page.EncodedChunk;
import io.lull.worker.page.FullShadow;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PagePipeline;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.page.StagedPages;
import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.DiskZero;
import io.lull.worker.protocol.EpochEnd;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.OutputClaim;
import io.lull.worker.protocol.RamBlock;
import io.lull.worker.ship.PageFrames;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;

/** A small VM that a test writes to, with the frames of its epochs and what its backup must then hold. */
final class TestVm implements AutoCloseable {
    static final VmId ID = new VmId("vm-1");
    static final UUID WORKER = new UUID(7, 7);
    static final int MAIN_PAGES = 300;
    static final int ROM_PAGES = 8;
    static final int RAM_PAGES = MAIN_PAGES + ROM_PAGES;
    static final int PAGES = RAM_PAGES + 256;
    static final int DISK_BYTES = 1 << 20;
    static final Layout LAYOUT = new Layout(
            3,
            ByteBuffer.wrap(new byte[] {7, 0, 0, 0, 2, 'p', 'c'}),
            List.of(
                    new RamBlock("pc.bios", ROM_PAGES * 4096L),
                    new RamBlock("pc.ram", MAIN_PAGES * 4096L),
                    new RamBlock(Layout.DEVICE_STATE_BLOCK, 1 << 20)));

    final Random random;
    final PageMemory memory = PageMemory.anonymous(PAGES);
    final byte[] disk = new byte[DISK_BYTES];
    private final FullShadow shadow = new FullShadow(PAGES, 42);
    private final PageWorkers workers = new PageWorkers(1, "test");
    private final PagePipeline pipeline = new PagePipeline(shadow, workers, System::nanoTime);
    int deviceStateBytes;

    TestVm(long seed) {
        this.random = new Random(seed);
    }

    /** A primary that claims nothing of its output. */
    static Hello hello(long firstEpoch, OnBackupLoss onLoss) {
        return hello(firstEpoch, onLoss, new OutputClaim(WORKER, OptionalLong.empty()));
    }

    /** A primary of another VM. */
    static Hello helloOf(VmId other) {
        return new Hello(
                other,
                "host-b",
                new UUID(1, 1),
                OnBackupLoss.HOLD_OUTPUT,
                DISK_BYTES,
                1,
                42,
                new OutputClaim(WORKER, OptionalLong.empty()));
    }

    static Hello hello(long firstEpoch, OnBackupLoss onLoss, OutputClaim claim) {
        return new Hello(ID, "host-a", new UUID(1, firstEpoch), onLoss, DISK_BYTES, firstEpoch, 42, claim);
    }

    /** Runs the guest for an epoch and returns its frames, EPOCH_END last; with any codec. */
    List<Frame> epoch(long epoch) {
        return epoch(epoch, anyCodec());
    }

    private ChunkCodec anyCodec() {
        return ChunkCodec.values()[random.nextInt(ChunkCodec.values().length)];
    }

    /** The same with this codec. */
    List<Frame> epoch(long epoch, ChunkCodec codec) {
        StagedPages staged = new StagedPages(PAGES);
        for (int i = 40 + random.nextInt(100); i > 0; i--) {
            writePage(random.nextInt(RAM_PAGES));
        }
        deviceStateBytes = 1 + random.nextInt(9000);
        for (int page = RAM_PAGES; page <= RAM_PAGES + deviceStateBytes / 4096; page++) {
            writePage(page);
        }
        for (int page = 0; page < PAGES; page++) {
            staged.add(page, memory.address(page));
        }
        List<Frame> frames = new ArrayList<>();
        pipeline.encode(
                staged,
                new EncodeSettings(1, codec),
                (kind, pageCount, rawLength, crc32c, payload) -> frames.add(
                        copy(new EncodedChunk(kind, pageCount, rawLength, crc32c, payload), epoch, frames.size())));
        for (int i = random.nextInt(4); i >= 0; i--) {
            frames.add(diskRecord(epoch, frames.size()));
        }
        frames.add(end(epoch, frames));
        return frames;
    }

    /** All pages and all of the disk as an epoch: whatever the backup held, it then holds this VM. */
    List<Frame> whole(long epoch) {
        return whole(epoch, anyCodec());
    }

    /** The same with this codec. */
    List<Frame> whole(long epoch, ChunkCodec codec) {
        shadow.forget(Optional.empty());
        List<Frame> frames = epoch(epoch, codec);
        frames.remove(frames.size() - 1);
        for (int at = 0; at < DISK_BYTES; at += DiskWrite.MAX_DATA_BYTES) {
            int length = Math.min(DiskWrite.MAX_DATA_BYTES, DISK_BYTES - at);
            frames.add(new DiskWrite(at, ByteBuffer.wrap(Arrays.copyOfRange(disk, at, at + length)))
                    .frame(epoch, frames.size()));
        }
        frames.add(end(epoch, frames));
        return frames;
    }

    /** An epoch that writes to the disk's last eighth besides, where no other but a whole one does. */
    List<Frame> epochWithLastEighth(long epoch) {
        List<Frame> frames = epoch(epoch);
        frames.remove(frames.size() - 1);
        byte[] data = new byte[DISK_BYTES / 8];
        random.nextBytes(data);
        System.arraycopy(data, 0, disk, DISK_BYTES - data.length, data.length);
        frames.add(new DiskWrite(DISK_BYTES - data.length, ByteBuffer.wrap(data)).frame(epoch, frames.size()));
        frames.add(end(epoch, frames));
        return frames;
    }

    Frame end(long epoch, List<Frame> records) {
        int[] crcs = records.stream().mapToInt(f -> f.header().crc32c()).toArray();
        long wire = records.stream().mapToLong(f -> f.payload().remaining()).sum();
        long pages = records.stream().mapToLong(f -> f.header().pages()).sum();
        return new EpochEnd(crcs.length, EpochEnd.rollingCrc(crcs, crcs.length), deviceStateBytes, pages, wire)
                .frame(epoch);
    }

    /** Changes some words of a page, or makes it all zeros. */
    void writePage(int page) {
        ByteBuffer view = memory.view(page);
        if (random.nextInt(8) == 0) {
            view.put(new byte[4096]);
            return;
        }
        for (int i = 1 + random.nextInt(60); i > 0; i--) {
            view.putLong(8 * random.nextInt(512), random.nextLong());
        }
    }

    private Frame diskRecord(long epoch, int sequence) {
        int offset = random.nextInt(DISK_BYTES / 2);
        int length = 1 + random.nextInt(DISK_BYTES / 8);
        if (random.nextInt(3) == 0) {
            Arrays.fill(disk, offset, offset + length, (byte) 0);
            return new DiskZero(offset, length).frame(epoch, sequence);
        }
        byte[] data = new byte[length];
        random.nextBytes(data);
        System.arraycopy(data, 0, disk, offset, length);
        return new DiskWrite(offset, ByteBuffer.wrap(data)).frame(epoch, sequence);
    }

    private static Frame copy(EncodedChunk chunk, long epoch, int sequence) {
        ByteBuffer payload = ByteBuffer.allocate(chunk.payload().remaining());
        payload.put(chunk.payload().duplicate()).flip();
        return PageFrames.frame(
                new EncodedChunk(chunk.codec(), chunk.pageCount(), chunk.rawLength(), chunk.crc32c(), payload),
                epoch,
                sequence);
    }

    /** All pages, device state's included, as they are now. */
    byte[] snapshot() {
        return bytes(memory, PAGES);
    }

    static byte[] bytes(PageMemory memory, int pages) {
        byte[] bytes = new byte[pages * 4096];
        for (int page = 0; page < pages; page++) {
            memory.view(page).get(bytes, page * 4096, 4096);
        }
        return bytes;
    }

    @Override
    public void close() {
        memory.close();
        shadow.close();
        workers.close();
    }
}
