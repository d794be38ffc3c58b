package io.lull.worker.backup;

import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.Bye;
import io.lull.worker.protocol.Digest;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameReader;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.ProtocolException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * What a backup makes of a primary's bytes, on the caller's thread and without a socket: frames, checks, redo log, commit.
 * It stands in for the session's threads and {@link Dialogue}'s order of frames, which only a connection goes through.
 */
public final class BackupOnBytes implements AutoCloseable {
    /** Twice the small VM's image. */
    private static final long MAX_IMAGE_BYTES = 2L * SmallVm.PAGES * PageMemory.PAGE_BYTES;

    private static final long REDO_BYTES = 4 << 20;
    private static final long MAPPED_BYTES = 2 << 20;

    private final Path diskFile;
    private final RedoBudget budget = new RedoBudget(REDO_BYTES);
    private final PageWorkers workers = new PageWorkers(2, "test-page");
    private final DiskImage disk;
    private final KeptStore kept;
    private final Committer committer;
    private UUID image = new UUID(0, 0);
    private long commits;

    public BackupOnBytes(Path directory) throws IOException {
        this.diskFile = directory.resolve("disk.raw");
        try (RandomAccessFile file = new RandomAccessFile(diskFile.toFile(), "rw")) {
            file.setLength(SmallVm.DISK_BYTES);
        }
        this.disk = new DiskImage(diskFile, false);
        this.kept = KeptStore.open(
                new KeptPlace(directory, SmallVm.ID, Optional.of(disk)),
                Resumption.Note.NONE,
                new SlabPool(MAPPED_BYTES, new SlabStock(MAPPED_BYTES)),
                workers);
        this.committer = new Committer(
                kept, Optional.of(disk), budget, workers, image -> Optional.empty(), new BackupListener() {});
    }

    /**
     * Takes a connection's bytes to their end.
     *
     * @throws ProtocolException when the peer is at fault
     * @throws java.io.EOFException when the bytes end within a frame
     */
    public void take(ReadableByteChannel from) throws IOException, InterruptedException {
        FrameReader reader = new FrameReader(from);
        Optional<Frame> first = reader.next();
        if (first.isEmpty()) {
            return;
        }
        Hello hello = hello(first.get());
        Optional<Frame> second = reader.next();
        if (second.isEmpty()) {
            return;
        }
        try (EpochIntake intake = prepare(hello, second.get())) {
            Optional<Frame> frame = reader.next();
            while (frame.isPresent() && receive(intake, hello, frame.get())) {
                frame = reader.next();
            }
        }
        if (committer.broken().isPresent()) {
            throw new IllegalStateException(committer.broken().get());
        }
    }

    private Hello hello(Frame frame) throws IOException {
        Hello hello = Hello.decode(checked(frame, FrameType.HELLO).payload());
        if (!hello.vmId().equals(SmallVm.ID) || hello.diskBytes() != disk.bytes()) {
            throw new ProtocolException("refused: " + hello.vmId() + " with a disk of " + hello.diskBytes());
        }
        committer.greeted(hello);
        return hello;
    }

    private EpochIntake prepare(Hello hello, Frame frame) throws IOException {
        Layout layout = Layout.decode(checked(frame, FrameType.LAYOUT).payload());
        EpochIntake.checkedBytes(layout, MAX_IMAGE_BYTES);
        image = committer.prepare(layout, hello.hashSeed(), piece -> {});
        RedoLog redo = new RedoLog(kept.slots(), budget, hello.firstEpoch());
        return new EpochIntake(
                layout.totalPages(), hello.diskBytes(), redo, workers.turns().taker());
    }

    private static Frame checked(Frame frame, FrameType wanted) throws ProtocolException {
        FrameReader.checkCrc(frame);
        if (frame.header().type() != wanted) {
            throw new ProtocolException(frame.header().type() + " instead of " + wanted);
        }
        return frame;
    }

    private boolean receive(EpochIntake intake, Hello hello, Frame frame) throws IOException, InterruptedException {
        if (frame.header().type() != FrameType.PAGES) {
            FrameReader.checkCrc(frame);
        }
        switch (frame.header().type()) {
            case PAGES -> intake.pages(frame);
            case DISK_WRITE -> intake.diskWrite(frame);
            case DISK_ZERO -> intake.diskZero(frame);
            case EPOCH_END -> {
                EpochLog complete = intake.end(frame);
                kept.slots().promise(complete, image, hello.sessionId());
                committer.commit(complete);
                commits++;
            }
            case DIGEST -> {
                Digest digest = intake.digest(frame);
                committer
                        .verify(frame.header().epoch(), digest)
                        .frame(frame.header().epoch());
            }
            case HEARTBEAT -> {}
            case BYE -> {
                committer.tookLeave(Bye.decode(frame.payload()).why());
                return false;
            }
            case HELLO, WELCOME, REFUSED, LAYOUT, HASHES, ACK, VERIFIED, HANDOVER, HANDED_OVER ->
                throw EpochIntake.outOfPlace(frame, Dialogue.State.RECEIVING);
        }
        return true;
    }

    /** Epochs committed so far. */
    public long commits() {
        return commits;
    }

    /** Bytes of open epochs; none when no connection is open. */
    public long redoBytes() {
        return budget.usedBytes();
    }

    /** All pages of the image. */
    public byte[] image() {
        return SmallVm.bytes(committer.image().orElseThrow().memory());
    }

    /** All of the disk. */
    public byte[] disk() throws IOException {
        return Files.readAllBytes(diskFile);
    }

    @Override
    public void close() throws IOException {
        committer.close();
        kept.close();
        disk.close();
        workers.close();
    }
}
