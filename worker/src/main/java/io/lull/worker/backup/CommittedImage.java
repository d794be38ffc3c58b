package io.lull.worker.backup;

import io.lull.worker.page.ImageLayout;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.DiskZero;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.RamBlock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.IntConsumer;

/**
 * The VM as of the last committed epoch: its pages, its device state, and what a QEMU needs to be the same machine.
 *
 * <p>Only the apply thread writes. Others may read pages and accept that a page changes while they do.
 */
public final class CommittedImage implements AutoCloseable {
    private final ImageTag tag;
    private final ImageLayout imageLayout;
    private final PageMemory memory;
    private final ChunkApplier chunks;
    private volatile OptionalLong committedEpoch = OptionalLong.empty();
    private volatile int deviceStateBytes;

    private CommittedImage(ImageTag tag, ImageLayout imageLayout, PageMemory memory) {
        this.tag = tag;
        this.imageLayout = imageLayout;
        this.memory = memory;
        this.chunks = new ChunkApplier(memory);
    }

    /**
     * An image of zero pages in a new file, which replaces one of that name.
     *
     * @param besidesBytes what must be free in the file system beside it
     * @throws IllegalArgumentException when the layout is none that an image can have
     * @throws IOException when the file system has no room for it
     */
    static CommittedImage create(Path file, ImageTag tag, long besidesBytes) throws IOException {
        ImageLayout imageLayout = imageLayout(tag.layout());
        Files.deleteIfExists(file);
        long bytes = tag.pageBytes();
        long usable = Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace();
        if (!hasRoom(usable, bytes, besidesBytes)) {
            throw new IOException("the image needs " + bytes + " bytes, and " + besidesBytes + " beside it, "
                    + file.getParent() + " has " + usable + " free; give the backup a larger file system in memory");
        }
        PageMemory memory = PageMemory.createFile(file, imageLayout.totalPages());
        try (FileChannel behind = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer own = tag.encode();
            while (own.hasRemaining()) {
                behind.write(own, bytes + own.position());
            }
        } catch (IOException | RuntimeException e) {
            memory.close();
            Files.deleteIfExists(file);
            throw e;
        }
        return new CommittedImage(tag, imageLayout, memory);
    }

    /** Whether both fit, however large they are. */
    static boolean hasRoom(long usableBytes, long bytes, long besidesBytes) {
        return usableBytes >= bytes && usableBytes - bytes >= besidesBytes;
    }

    /** One that an earlier process left, of which nothing is known yet. */
    static CommittedImage open(Path file, ImageTag tag) throws IOException {
        ImageLayout imageLayout = imageLayout(tag.layout());
        return new CommittedImage(tag, imageLayout, PageMemory.openFile(file, imageLayout.totalPages()));
    }

    /** It is as of this epoch, which an earlier process applied. */
    void isOf(CommitState.Image known) {
        deviceStateBytes = known.deviceStateBytes();
        committedEpoch = OptionalLong.of(known.epoch());
    }

    /** The places of a layout's blocks. */
    static ImageLayout imageLayout(Layout layout) {
        RamBlock last = layout.blocks().get(layout.blocks().size() - 1);
        if (last.lengthBytes() != ImageLayout.DEVICE_STATE_BYTES) {
            throw new IllegalArgumentException("block " + last.name() + " has " + last.lengthBytes() + " bytes, not "
                    + ImageLayout.DEVICE_STATE_BYTES);
        }
        List<RamBlock> ram = layout.blocks().subList(0, layout.blocks().size() - 1);
        return ImageLayout.of(ram.stream()
                .map(block -> new ImageLayout.NamedLength(block.name(), block.lengthBytes()))
                .toList());
    }

    /** Which image it is. */
    UUID id() {
        return tag.id();
    }

    public Layout layout() {
        return tag.layout();
    }

    public ImageLayout imageLayout() {
        return imageLayout;
    }

    public PageMemory memory() {
        return memory;
    }

    /** The last epoch that is wholly in the image; empty before the first. */
    public OptionalLong committedEpoch() {
        return committedEpoch;
    }

    public int deviceStateBytes() {
        return deviceStateBytes;
    }

    /** Pages that belong to the guest: all before the device state's. */
    public int ramPages() {
        return imageLayout.deviceState().firstPage();
    }

    /** A copy of the device state. */
    public ByteBuffer deviceState() {
        ByteBuffer copy = ByteBuffer.allocate(deviceStateBytes);
        for (int page = ramPages(); copy.hasRemaining(); page++) {
            ByteBuffer view = memory.view(page);
            copy.put(view.limit(Math.min(view.limit(), copy.remaining())));
        }
        return copy.flip();
    }

    /**
     * Brings the image, and the disk when there is one, to the end of an epoch. A second call after a failed one is
     * the same as one that succeeds.
     *
     * @param workers who write the pages, in their VM's turn; the disk is waited for outside of it
     * @param changedPage told each page after it was written
     */
    void apply(EpochLog epoch, Optional<DiskImage> disk, PageWorkers workers, IntConsumer changedPage)
            throws IOException {
        chunks.apply(epoch, workers, changedPage);
        epoch.forEachOnDisk((type, body) -> {
            if (type == FrameType.DISK_WRITE) {
                disk.orElseThrow().write(DiskWrite.decode(body));
            } else if (type == FrameType.DISK_ZERO) {
                disk.orElseThrow().zero(DiskZero.decode(body));
            }
        });
        if (disk.isPresent()) {
            disk.get().commit();
        }
        deviceStateBytes = epoch.end().deviceStateBytes();
        committedEpoch = OptionalLong.of(epoch.epoch());
    }

    /** Unmaps the pages; the file stays. */
    @Override
    public void close() {
        memory.close();
    }
}
