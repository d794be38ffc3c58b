package io.lull.worker.backup;

import io.lull.policy.VmId;
import io.lull.worker.page.ChunkCodec;
import io.lull.worker.page.EncodeSettings;
import io.lull.worker.page.EncodedChunk;
import io.lull.worker.page.FullShadow;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PagePipeline;
import io.lull.worker.page.PageRange;
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

/** A VM whose whole epochs are a few hundred bytes, so that millions of mutations of them can be tried. */
public final class SmallVm implements AutoCloseable {
    public static final VmId ID = new VmId("small");
    /** Where it runs. */
    public static final String HOST = "host-a";

    public static final int RAM_PAGES = 8;
    public static final int PAGES = RAM_PAGES + 256;
    public static final int DISK_BYTES = 1 << 16;
    static final Layout LAYOUT = new Layout(
            3,
            ByteBuffer.wrap(new byte[] {7, 0, 0, 0, 2, 'p', 'c'}),
            List.of(
                    new RamBlock("bios", 2 * 4096L),
                    new RamBlock("ram", 6 * 4096L),
                    new RamBlock(Layout.DEVICE_STATE_BLOCK, 1 << 20)));

    private static final UUID WORKER = new UUID(7, 7);
    private static final long HASH_SEED = 42;
    private static final int DEVICE_STATE_BYTES = 300;

    private final Random random;
    private final PageMemory memory = PageMemory.anonymous(PAGES);
    private final byte[] disk = new byte[DISK_BYTES];
    private final FullShadow shadow = new FullShadow(PAGES, HASH_SEED);
    private final PageWorkers workers = new PageWorkers(1, "small-vm");
    private final PagePipeline pipeline = new PagePipeline(shadow, workers, System::nanoTime);
    private final StagedPages staged = new StagedPages(PAGES);

    public SmallVm(long seed) {
        this.random = new Random(seed);
    }

    /** What a primary of it says before its first epoch. */
    public List<Frame> greeting(long firstEpoch) {
        OutputClaim claim = new OutputClaim(WORKER, OptionalLong.empty());
        Hello hello = new Hello(
                ID, HOST, new UUID(1, firstEpoch), OnBackupLoss.HOLD_OUTPUT, DISK_BYTES, firstEpoch, HASH_SEED, claim);
        return List.of(hello.frame(), LAYOUT.frame());
    }

    /** All pages and all of the disk as an epoch: whatever the backup held, it then holds this VM. */
    public List<Frame> whole(long epoch, ChunkCodec codec) {
        shadow.forget(Optional.empty());
        List<Frame> records = new ArrayList<>();
        addPages(records, epoch, new PageRange(0, PAGES), codec);
        records.add(new DiskWrite(0, ByteBuffer.wrap(disk.clone())).frame(epoch, records.size()));
        return ended(epoch, records);
    }

    /** Runs the guest for an epoch. */
    public List<Frame> epoch(long epoch, ChunkCodec codec) {
        int first = random.nextInt(RAM_PAGES - 3);
        for (int page = first; page < first + 3; page++) {
            write(memory.view(page));
        }
        write(memory.view(RAM_PAGES));
        List<Frame> records = new ArrayList<>();
        addPages(records, epoch, new PageRange(first, 3), codec);
        addPages(records, epoch, new PageRange(RAM_PAGES, 1), codec);
        records.add(diskWrite(epoch, records.size()));
        records.add(diskZero(epoch, records.size()));
        return ended(epoch, records);
    }

    private void write(ByteBuffer page) {
        if (random.nextInt(6) == 0) {
            page.put(new byte[PageMemory.PAGE_BYTES]);
            return;
        }
        for (int i = 1 + random.nextInt(12); i > 0; i--) {
            page.putLong(8 * random.nextInt(512), random.nextInt(3) == 0 ? random.nextLong() : i);
        }
    }

    private void addPages(List<Frame> records, long epoch, PageRange range, ChunkCodec codec) {
        staged.clear();
        for (int i = 0; i < range.count(); i++) {
            staged.add(range.firstPage() + i, memory.address(range.firstPage() + i));
        }
        pipeline.encode(
                staged,
                new EncodeSettings(1, codec),
                (kind, pageCount, rawLength, crc32c, payload) -> records.add(PageFrames.frame(
                        new EncodedChunk(kind, pageCount, rawLength, crc32c, copy(payload)), epoch, records.size())));
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }

    private Frame diskWrite(long epoch, int sequence) {
        byte[] data = new byte[1 + random.nextInt(100)];
        random.nextBytes(data);
        int offset = random.nextInt(DISK_BYTES - data.length);
        System.arraycopy(data, 0, disk, offset, data.length);
        return new DiskWrite(offset, ByteBuffer.wrap(data)).frame(epoch, sequence);
    }

    private Frame diskZero(long epoch, int sequence) {
        int length = 1 + random.nextInt(1000);
        int offset = random.nextInt(DISK_BYTES - length);
        Arrays.fill(disk, offset, offset + length, (byte) 0);
        return new DiskZero(offset, length).frame(epoch, sequence);
    }

    private static List<Frame> ended(long epoch, List<Frame> records) {
        int[] crcs = records.stream().mapToInt(f -> f.header().crc32c()).toArray();
        long wire = records.stream().mapToLong(f -> f.payload().remaining()).sum();
        long pages = records.stream().mapToLong(f -> f.header().pages()).sum();
        List<Frame> all = new ArrayList<>(records);
        all.add(new EpochEnd(crcs.length, EpochEnd.rollingCrc(crcs, crcs.length), DEVICE_STATE_BYTES, pages, wire)
                .frame(epoch));
        return all;
    }

    /** All pages as they are now. */
    public byte[] image() {
        return bytes(memory);
    }

    /** The disk as it is now. */
    public byte[] disk() {
        return disk.clone();
    }

    static byte[] bytes(PageMemory memory) {
        byte[] bytes = new byte[memory.pages() * PageMemory.PAGE_BYTES];
        for (int page = 0; page < memory.pages(); page++) {
            memory.view(page).get(bytes, page * PageMemory.PAGE_BYTES, PageMemory.PAGE_BYTES);
        }
        return bytes;
    }

    @Override
    public void close() {
        pipeline.close();
        memory.close();
        shadow.close();
        workers.close();
    }
}
