package io.lull.worker.backup;

import io.lull.policy.fence.FenceRecord;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.Hello;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backup of one VM: accepts its primary, keeps the committed image and a standby, and takes over.
 *
 * <p>It is a backup until it takes over, by its own rule or by {@link #takeOver}; once the VM runs here it refuses every
 * primary with FAILED_OVER, and so does every later process of this backup, until the fence has it that the VM is another's
 * ({@link #succeeded}) or an operator removes the {@link TakeoverMarker}. Closing it leaves a VM that it took over running.
 */
public final class Backup implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Backup.class);

    private final BackupOptions options;
    private final BackupParts parts;
    private final Counting listener;
    private final LongSupplier nanoClock;
    private final Reception reception;
    private final OwnedStore store;
    private final KeptStore kept;
    private final PageWorkers workers;
    private final RedoBudget budget = new RedoBudget(0);
    private final ApplyLoop apply = new ApplyLoop();
    private final Committer committer;
    private final Admission admission;
    private final Failover failover;
    private final Takeovers takeovers;
    private final Succession succession;
    private final BackupServer server;

    private Backup(
            BackupOptions options,
            BackupParts given,
            PageWorkers workers,
            LongSupplier nanoClock,
            OwnedStore store,
            KeptStore kept)
            throws IOException {
        this.options = options;
        this.listener = new Counting(given.listener());
        Optional<UUID> claimant = store.cutOff() ? kept.claimant() : Optional.empty();
        this.parts = new BackupParts(
                given.wiring(),
                given.launcher(),
                given.standby(),
                given.fence().map(seat -> claimant.map(seat::as).orElse(seat)),
                listener);
        this.nanoClock = nanoClock;
        this.store = store;
        this.kept = kept;
        this.workers = workers;
        this.committer = new Committer(kept, store.disk(), budget, workers, this::standbyOf, listener);
        Failover.State begin = store.takeover(claimant);
        this.succession = new Succession(
                store.standing(begin), parts.fence().filter(FenceSeat::isShared).map(FenceSeat::fence));
        TakeoverRight right = new TakeoverRight(
                options.vm(), parts.fence(), store.marker(), apply, committer, kept, claimant.isPresent());
        this.failover = new Failover(options.vm(), begin, right, parts, apply, committer, nanoClock);
        this.admission = new Admission(
                options.vm(),
                store.diskBytes(),
                failover::refusal,
                committer::broken,
                store::diskInUse,
                parts.fence().map(seat -> seat.fence().isShared()).orElse(false));
        this.takeovers = new Takeovers(options, parts, failover, admission, apply, committer, nanoClock);
        parts.fence().ifPresent(seat -> seat.fence().expect(() -> takeovers.likely(seat.self())));
        this.reception = new Reception(admission, takeovers, listener, new StrangerLog(nanoClock), this::forget);
        SessionParts shared = new SessionParts(
                options, reception, apply, committer, kept.slots(), budget, workers.turns(), nanoClock);
        try {
            this.server = new BackupServer(
                    options.listen(), socket -> session(shared, parts.wiring(), socket), reception::dropped);
        } catch (IOException e) {
            apply.close();
            throw e;
        }
    }

    /** Listens as the only backup of its process; errors as for the other method. */
    public static Backup start(BackupOptions options, BackupParts parts, LongSupplier nanoClock) throws IOException {
        return start(
                options,
                parts,
                new PageWorkers(Runtime.getRuntime().availableProcessors(), "lull-backup-page"),
                nanoClock);
    }

    /**
     * Listens, and serves until it is closed.
     *
     * @param workers its access to the pool with which the backups of a process unpack, apply and hash pages; closed with it
     * @throws IOException when the address or a file is in use, or can't be opened
     */
    public static Backup start(BackupOptions options, BackupParts parts, PageWorkers workers, LongSupplier nanoClock)
            throws IOException {
        try {
            return started(options, parts, workers, nanoClock);
        } catch (IOException | RuntimeException e) {
            workers.close();
            throw e;
        }
    }

    private static Backup started(BackupOptions options, BackupParts parts, PageWorkers workers, LongSupplier nanoClock)
            throws IOException {
        OwnedStore store =
                new OwnedStore(options.vm(), options.store(), parts.fence().map(FenceSeat::fence), parts.launcher());
        Backup backup;
        try {
            SlabPool slabs = new SlabPool(options.store().redoMemoryBytes(), SlabStock.ofThisProcess());
            backup = over(store.kept(options.vm(), slabs, workers), options, parts, workers, nanoClock, store);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
        if (backup.failover.state() == Failover.State.TAKEN_OVER) {
            log.error(
                    "Backup of {} has taken the VM over before and refuses every primary. Remove {} once the VM that was"
                            + " started here is gone, and restart this worker",
                    options.vm(),
                    store.marker().file());
        }
        try {
            backup.resume();
            backup.server.start(options.timing(), backup::lookAfter);
            log.info("Backup of {} listens on {}", options.vm(), backup.address());
            if (backup.failover.state() == Failover.State.UNDECIDED) {
                backup.takeovers.goOn();
            }
            return backup;
        } catch (IOException | RuntimeException e) {
            backup.close();
            if (e instanceof InterruptedIOException) {
                // Only now: what is closed is waited for.
                Thread.currentThread().interrupt();
            }
            throw e;
        }
    }

    private void lookAfter() {
        committer.standby().ifPresent(HotStandby::checkProgress);
        succession.look();
    }

    private static Backup over(
            KeptStore kept,
            BackupOptions options,
            BackupParts parts,
            PageWorkers workers,
            LongSupplier nanoClock,
            OwnedStore store)
            throws IOException {
        try {
            return new Backup(options, parts, workers, nanoClock, store, kept);
        } catch (IOException | RuntimeException e) {
            kept.resumed().ifPresent(CommittedImage::close);
            kept.close();
            throw e;
        }
    }

    private void resume() throws IOException {
        try {
            boolean claims = failover.state() == Failover.State.UNDECIDED;
            apply.call(() -> {
                if (!claims) {
                    kept.claimed(Optional.empty());
                }
                committer.resume();
                return true;
            });
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted at its start");
        }
    }

    private static BackupSession session(SessionParts shared, Wiring wiring, SocketChannel socket) {
        return new BackupSession(
                shared, wiring.over(socket), String.valueOf(socket.socket().getRemoteSocketAddress()));
    }

    private Optional<HotStandby> standbyOf(CommittedImage image) {
        return parts.launcher().map(l -> new HotStandby(image, l, parts.standby(), listener, nanoClock));
    }

    private void forget(BackupSession session) {
        server.forget(session);
    }

    /**
     * Takes over now, whatever the rule says of the primary; the image must be fit for it, and the fence is asked.
     *
     * @param reason for the log and the report
     * @throws FailoverException when the VM doesn't run here. Unless the fence or an unfit image kept it from running, this
     *     backup is of no more use once it was decided
     */
    public FailoverReport takeOver(String reason) throws FailoverException, InterruptedException {
        return takeovers.now(reason);
    }

    /** Completes when a takeover is over, whoever decided it. */
    public CompletableFuture<FailoverReport> takenOver() {
        return takeovers.done();
    }

    /** Completes when a VM that was taken over has ended here, with what is known of that: then there is nothing left to do. */
    public CompletableFuture<String> vmEnded() {
        return takenOver().thenCompose(report -> running().orElseThrow().ended());
    }

    /**
     * Completes when the VM that an earlier process of this backup took over is another's by now, with whose: this one refuses every
     * primary all the same, and the next one serves it.
     */
    public CompletableFuture<String> succeeded() {
        return succession.come();
    }

    /** The process that runs the VM after a takeover. */
    public Optional<Standby> running() {
        return failover.running();
    }

    /** Who may run the VM, as the fence had it when this backup last asked; empty without a fence. */
    public Optional<FenceRecord> fenceRecord() {
        return parts.fence().flatMap(seat -> seat.fence().lastSeen());
    }

    public InetSocketAddress address() throws IOException {
        return server.address();
    }

    public BackupStatus status() {
        Optional<BackupSession> session = admission.current();
        FailoverRule.Basis basis = committer.basis();
        return new BackupStatus(
                options.vm().value(),
                failover.state(),
                session.map(s -> s.state().name()),
                session.flatMap(BackupSession::hello).map(Hello::hostId),
                session.map(BackupSession::wire),
                basis.epoch(),
                basis.unfit(),
                committer.image().map(i -> i.memory().pages()).orElse(0),
                budget.usedBytes(),
                committer.standby().map(HotStandby::state),
                listener.commits(),
                committer.verifiedPages(),
                listener.dropped(),
                listener.lastDropReason(),
                committer.broken());
    }

    /**
     * Ends sessions, applies what was acknowledged, and withdraws the standby unless it runs the VM, or may. A takeover that
     * the fence hasn't granted is given up.
     */
    @Override
    public void close() throws IOException {
        reception.close();
        try {
            failover.close();
            server.close();
            apply.close();
            committer.close();
            kept.close();
            parts.fence().ifPresent(seat -> seat.fence().close());
        } finally {
            store.close();
            workers.close();
        }
    }
}
