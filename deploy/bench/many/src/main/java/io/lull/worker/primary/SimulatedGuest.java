package io.lull.worker.primary;

import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.signal.EpochReport;
import io.lull.worker.capture.Capture;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.capture.StreamLayout;
import io.lull.worker.config.CodecRule;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.config.ShadowKind;
import io.lull.worker.page.ImageLayout;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.OutputClaim;
import io.lull.worker.ship.BackupLink;
import io.lull.worker.ship.LinkOptions;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * One VM's session around a guest that is simulated: it dirties pages and stands still for nothing, and each interval a
 * checkpoint is taken. Encoding, link, epoch book and commits are the worker's own.
 */
public final class SimulatedGuest implements SessionTurns, AutoCloseable {
    private static final String HOST = "host-a";
    private static final int INITIAL_BATCH_PAGES = 4096;
    private static final int DEVICE_STATE_BYTES = 6000;
    private static final long STAGING_SLACK_BYTES = 32L << 20;

    private final Means means;
    private final VmId vm;
    private final int ramPages;
    private final Random random;
    private final BackupLink link;
    private final PrimarySession session;
    private final EpochPipeline pipeline;
    private final Current<OpenEpoch> open = new Current<>(OpenEpoch.first(System.nanoTime()));
    private final Thread thread;
    private volatile int dirtyPages;
    private volatile boolean isProtected;
    private volatile boolean closed;

    /**
     * What guests share.
     *
     * @param pages what they write
     * @param ramMebibytes of each
     * @param intervalNanos from checkpoint to checkpoint
     * @param wiring how connections to backups are protected
     * @param reports takes each committed epoch's report, from any thread
     */
    public record Means(
            SimulatedPages pages, int ramMebibytes, long intervalNanos, Wiring wiring, Consumer<EpochReport> reports) {}

    /**
     * Connects to its backup.
     *
     * @param workers encode its pages; closed with this guest
     * @param dirtyPages of each epoch, at first
     */
    public SimulatedGuest(
            VmId vm, Means means, InetSocketAddress backup, PageWorkers workers, int dirtyPages, long seed)
            throws IOException {
        this.vm = vm;
        this.means = means;
        this.ramPages = (means.ramMebibytes() << 20) / PageMemory.PAGE_BYTES;
        this.random = new Random(seed);
        this.dirtyPages = dirtyPages;
        EpochBook book = new EpochBook(vm, HOST);
        UUID id = new UUID(seed, System.nanoTime());
        this.session = new PrimarySession(id, open, this, Optional.empty(), book, System::nanoTime);
        this.link = BackupLink.connect(
                LinkOptions.defaults(backup).silentAtMost(10_000_000_000L),
                means.wiring(),
                new Hello(
                        vm,
                        HOST,
                        id,
                        OnBackupLoss.HOLD_OUTPUT,
                        0,
                        1,
                        seed,
                        new OutputClaim(new UUID(seed, 1), OptionalLong.empty())),
                session.linkListener());
        session.use(link);
        PrimaryConfig.Pipeline settings = new PrimaryConfig.Pipeline(0, CodecRule.AUTO, ShadowKind.FULL, 0, 0);
        PageShipper shipper = new PageShipper(
                link, new EpochRecords(), new PageShipper.Encoding(workers, settings), System::nanoTime, seed);
        this.pipeline = new EpochPipeline(ports(book), open, shipper);
        this.thread = new Thread(this::run, "lull-capture");
        thread.setDaemon(true);
    }

    private SessionPorts ports(EpochBook book) {
        return new SessionPorts(
                Optional.empty(),
                Optional.empty(),
                book,
                pages -> List.of(),
                CaptureTap.NONE,
                session.events(),
                System::nanoTime,
                () -> System.currentTimeMillis() * 1000,
                List.of(area(), area()));
    }

    private StagingArea area() {
        long bytes = ((long) means.ramMebibytes() << 20) + STAGING_SLACK_BYTES;
        return new StagingArea(bytes, (int) (bytes / PageMemory.PAGE_BYTES));
    }

    /** Begins the initial copy, and checkpoints after it. */
    public void start() {
        thread.start();
    }

    /** How many pages it dirties in each epoch from the next one on; no more than it has. */
    public void dirty(int pages) {
        dirtyPages = Math.min(pages, ramPages);
    }

    /** Whether an epoch was committed. */
    public boolean hasCommitted() {
        return isProtected;
    }

    /** Why it is no longer protected; empty while it is. */
    public Optional<String> ended() {
        return session.ended().isDone() ? Optional.of(session.ended().join()) : Optional.empty();
    }

    private void run() {
        try {
            copy();
            long pausedAtNanos = System.nanoTime() - random.nextInt((int) means.intervalNanos());
            long resumedAtNanos = pausedAtNanos;
            while (!closed) {
                StagingArea area = pipeline.nextStaging();
                pipeline.pending();
                // As the trigger does: the interval counts from pause to pause, but half of it is the guest's.
                awaitNanos(Math.max(pausedAtNanos + means.intervalNanos(), resumedAtNanos + means.intervalNanos() / 2));
                pausedAtNanos = System.nanoTime();
                resumedAtNanos = checkpoint(area, pausedAtNanos);
            }
        } catch (IOException | RuntimeException e) {
            session.end("the simulated guest: " + e);
        }
    }

    private void copy() throws IOException {
        ImageLayout layout =
                ImageLayout.of(List.of(new ImageLayout.NamedLength("pc.ram", (long) means.ramMebibytes() << 20)));
        pipeline.layout(new StreamLayout(new byte[] {7, 0, 0, 0, 2, 'p', 'c'}, 3, layout));
        StagingArea area = area();
        for (int first = 0; first < ramPages; first += INITIAL_BATCH_PAGES) {
            area.reset();
            for (int page = first; page < Math.min(ramPages, first + INITIAL_BATCH_PAGES); page++) {
                means.pages().stage(area.pages(), page, 0);
            }
            pipeline.initialPages(area);
        }
    }

    private long checkpoint(StagingArea area, long pausedAtNanos) throws IOException {
        long epoch = open.get().number();
        pipeline.fire(new Firing(epoch, TriggerReason.INTERVAL, 0, 0, pausedAtNanos, 0));
        pipeline.paused(pausedAtNanos);
        int count = dirtyPages;
        int first = random.nextInt(ramPages - count + 1);
        for (int page = first; page < first + count; page++) {
            means.pages().stage(area.pages(), page, epoch);
        }
        long ramReadAtNanos = System.nanoTime();
        int statePages = (DEVICE_STATE_BYTES - 1) / PageMemory.PAGE_BYTES + 1;
        for (int page = ramPages; page < ramPages + statePages; page++) {
            means.pages().stage(area.pages(), page, epoch);
        }
        pipeline.beforeResume(area);
        long resumedAtNanos = System.nanoTime();
        pipeline.resumed(new Capture(
                area,
                count,
                DEVICE_STATE_BYTES,
                pausedAtNanos,
                pausedAtNanos,
                ramReadAtNanos,
                resumedAtNanos,
                resumedAtNanos,
                0));
        return resumedAtNanos;
    }

    private void awaitNanos(long atNanos) {
        for (long left = atNanos - System.nanoTime(); left > 0 && !closed; left = atNanos - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    @Override
    public void isProtected(long epoch) {
        isProtected = true;
    }

    @Override
    public void committed(EpochReport report) {
        means.reports().accept(report);
    }

    @Override
    public void verifyFailed(long epoch, String detail) {
        throw new IllegalStateException("vm " + vm + " never asks for a verification");
    }

    @Override
    public void diskFailed(String reason) {
        throw new IllegalStateException("vm " + vm + " has no disk");
    }

    @Override
    public void copied(long pages, long wireBytes) {}

    @Override
    public void close() {
        closed = true;
        // It may wait for an area that is free again.
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        session.close();
        pipeline.close(true);
    }
}
