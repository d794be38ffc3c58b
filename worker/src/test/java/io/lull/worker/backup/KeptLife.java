package io.lull.worker.backup;

import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.EpochEnd;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.Layout;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What a backup's process does with its kept store, step by step on the caller's thread; {@link #close} is a clean end. */
final class KeptLife implements AutoCloseable {
    private static final long BUDGET_BYTES = 64 << 20;

    final PageWorkers workers = new PageWorkers(2, "test-page");
    final Path directory;
    final DiskImage disk;
    final KeptStore kept;
    final Committer committer;
    final RedoBudget budget = new RedoBudget(BUDGET_BYTES);
    private Optional<Hello> hello = Optional.empty();
    private UUID image = new UUID(0, 0);
    private Optional<RedoLog> redo = Optional.empty();

    /** Begins, with what the one before left. */
    KeptLife(Path directory) throws IOException {
        this.directory = directory;
        Path file = directory.resolve("disk.raw");
        if (!Files.exists(file)) {
            try (RandomAccessFile empty = new RandomAccessFile(file.toFile(), "rw")) {
                empty.setLength(TestVm.DISK_BYTES);
            }
        }
        this.disk = new DiskImage(file, false);
        this.kept = opened(directory, disk, workers);
        this.committer = new Committer(
                kept, Optional.of(disk), budget, workers, of -> Optional.empty(), new BackupListener() {});
    }

    /** A life that doesn't begin holds nothing. */
    private static KeptStore opened(Path directory, DiskImage disk, PageWorkers workers) throws IOException {
        try {
            return KeptStore.open(
                    new KeptPlace(directory, TestVm.ID, Optional.of(disk)),
                    Resumption.Note.NONE,
                    new SlabPool(1 << 20, new SlabStock(1 << 20)),
                    workers);
        } catch (IOException | RuntimeException e) {
            disk.close();
            workers.close();
            throw e;
        }
    }

    void greet(Hello by) throws IOException {
        hello = Optional.of(by);
        committer.greeted(by);
    }

    void layout(Layout layout) throws IOException {
        image = committer.prepare(layout, hello.orElseThrow().hashSeed(), piece -> {});
        redo = Optional.of(new RedoLog(kept.slots(), budget, hello.orElseThrow().firstEpoch()));
    }

    /** All of an epoch is here, and nobody knows. */
    EpochLog received(List<Frame> frames) throws IOException, InterruptedException {
        Frame last = frames.get(frames.size() - 1);
        try (EpochIntake checked = new EpochIntake(
                TestVm.PAGES,
                TestVm.DISK_BYTES,
                redo.orElseThrow(),
                workers.turns().taker())) {
            for (Frame frame : frames.subList(0, frames.size() - 1)) {
                take(checked, frame);
            }
            return redo.orElseThrow().end(last.header().epoch(), EpochEnd.decode(last.payload()));
        }
    }

    private static void take(EpochIntake checked, Frame frame) throws IOException, InterruptedException {
        if (frame.header().type() == FrameType.PAGES) {
            checked.pages(frame);
        } else if (frame.header().type() == FrameType.DISK_WRITE) {
            checked.diskWrite(frame);
        } else {
            checked.diskZero(frame);
        }
    }

    /** It may be acknowledged from now on. */
    void promise(EpochLog epoch) {
        kept.slots().promise(epoch, image, hello.orElseThrow().sessionId());
    }

    /** Leaves the image half-way into an epoch, whose pages and records are looked at one by one. */
    void applyInSteps(EpochLog epoch, Runnable step) throws IOException {
        committer.image().orElseThrow().apply(epoch, Optional.of(disk), workers, page -> step.run());
    }

    byte[] image() {
        return TestVm.bytes(committer.image().orElseThrow().memory(), TestVm.PAGES);
    }

    byte[] disk() throws IOException {
        return Files.readAllBytes(directory.resolve("disk.raw"));
    }

    /** Its files as the kernel has them now: what a process that is killed now leaves. */
    Path leftWhenKilledNow(Path to) throws IOException {
        return leftWhenKilledNow(directory, to);
    }

    static Path leftWhenKilledNow(Path directory, Path to) throws IOException {
        Files.createDirectory(to);
        List<Path> files = new ArrayList<>();
        try (var all = Files.list(directory)) {
            all.forEach(files::add);
        }
        for (Path file : files) {
            Path copy = to.resolve(file.getFileName());
            Files.copy(file, copy);
            Files.setLastModifiedTime(copy, Files.getLastModifiedTime(file));
        }
        return to;
    }

    @Override
    public void close() throws IOException {
        committer.close();
        kept.close();
        disk.close();
        workers.close();
    }
}
