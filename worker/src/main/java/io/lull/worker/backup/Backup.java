package io.lull.worker.backup;

import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.Refused;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backup of one VM: accepts its primary, keeps the committed image and a standby, and takes over.
 *
 * <p>It is a backup until it takes over, by its own rule or by {@link #takeOver}; from that decision on it refuses every
 * primary with FAILED_OVER. Closing it leaves a VM that it took over running.
 */
public final class Backup implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Backup.class);

    private final BackupOptions options;
    private final BackupParts parts;
    private final Counting listener;
    private final LongSupplier nanoClock;
    private final RedoBudget budget = new RedoBudget(0);
    private final ApplyLoop apply = new ApplyLoop();
    private final Committer committer;
    private final Admission admission;
    private final Failover failover;
    private final BackupServer server;
    private volatile boolean closing;
    private final CompletableFuture<FailoverReport> takenOver = new CompletableFuture<>();

    private Backup(BackupOptions options, BackupParts parts, LongSupplier nanoClock) throws IOException {
        this.options = options;
        this.parts = parts;
        this.listener = new Counting(parts.listener());
        this.nanoClock = nanoClock;
        BackupOptions.Store store = options.store();
        Optional<DiskImage> disk = store.disk().isPresent()
                ? Optional.of(new DiskImage(store.disk().get(), store.syncDisk()))
                : Optional.empty();
        this.committer = new Committer(store.directory().resolve("image.ram"), disk, budget, this::standbyOf, listener);
        OptionalLong diskBytes = disk.isPresent() ? OptionalLong.of(disk.get().bytes()) : OptionalLong.empty();
        this.admission = new Admission(options.vm(), diskBytes, committer::broken);
        this.failover = new Failover(options.vm(), parts.fence(), parts.standby(), listener, nanoClock);
        SessionParts shared = new SessionParts(
                options, host(), apply, committer, new SlabPool(store.redoMemoryBytes()), budget, nanoClock);
        this.server = new BackupServer(options.listen(), channel -> session(shared, channel), listener);
    }

    /** Listens, and serves until it is closed. */
    public static Backup start(BackupOptions options, BackupParts parts, LongSupplier nanoClock) throws IOException {
        Backup backup = new Backup(options, parts, nanoClock);
        backup.server.start(options.timing(), () -> backup.committer.standby().ifPresent(HotStandby::checkProgress));
        log.info("Backup of {} listens on {}", options.vm(), backup.address());
        return backup;
    }

    private static BackupSession session(SessionParts shared, SocketChannel channel) {
        return new BackupSession(
                shared, channel, String.valueOf(channel.socket().getRemoteSocketAddress()));
    }

    private Optional<HotStandby> standbyOf(CommittedImage image) {
        return parts.launcher().map(l -> new HotStandby(image, l, parts.standby(), listener, nanoClock));
    }

    private SessionHost host() {
        return new SessionHost() {
            @Override
            public Optional<Refused> admit(BackupSession session, Hello hello) {
                Optional<Refused> refused = admission.admit(session, hello);
                if (refused.isEmpty()) {
                    listener.sessionOpened(hello);
                }
                return refused;
            }

            @Override
            public void ended(BackupSession session, LossKind kind, String why) {
                sessionEnded(session, kind, why);
            }
        };
    }

    private void sessionEnded(BackupSession session, LossKind kind, String why) {
        server.forget(session);
        admission.leave(session);
        if (session.hello().isPresent()) {
            listener.sessionLost(kind, why);
        } else {
            log.warn("Connection of {} dropped: {}", session.peer(), why);
            listener.connectionDropped(why);
        }
        if (session.hello().isPresent() && !closing) {
            Thread decider = new Thread(() -> decideAfter(session, kind), "lull-failover-rule");
            decider.setDaemon(true);
            decider.start();
        }
    }

    /** On a thread of its own, since complete epochs may still be on their way into the image. */
    private void decideAfter(BackupSession session, LossKind kind) {
        try {
            OptionalLong committed = apply.call(committer::committedEpoch);
            FailoverRule.Verdict verdict = FailoverRule.decide(new FailoverRule.Situation(
                    options.mode(),
                    kind,
                    committed,
                    session.hello().orElseThrow().onBackupLoss(),
                    parts.fence().isPresent()));
            log.info("Takeover of {}: {}, {}", options.vm(), verdict.takeOver() ? "yes" : "no", verdict.reason());
            if (verdict.takeOver()) {
                takeOver(verdict.reason());
            }
        } catch (FailoverException e) {
            log.error("Takeover of {}: {}", options.vm(), e.getMessage());
        } catch (IOException | InterruptedException e) {
            log.info("Takeover of {} is not decided: {}", options.vm(), e.getMessage());
        }
    }

    /**
     * Takes over now, whatever the rule says; the fence is asked all the same.
     *
     * @param reason for the log and the report
     * @throws FailoverException when the VM doesn't run here; once it was decided, this backup is of no more use
     */
    public FailoverReport takeOver(String reason) throws FailoverException, InterruptedException {
        long decidedNanos = nanoClock.getAsLong();
        if (parts.launcher().isEmpty()) {
            throw new FailoverException("no standby command is configured; this host can't run the VM");
        }
        if (committer.committedEpoch().isEmpty()) {
            throw new FailoverException("no epoch was committed yet; there is nothing to run");
        }
        failover.decide(reason);
        try {
            Optional<BackupSession> open = admission.closeForFailover();
            if (open.isPresent()) {
                open.get().close(LossKind.CLOSED_HERE, "this backup takes over: " + reason);
                open.get().join();
            }
            FailoverReport report = failover.carryOut(apply, committer, decidedNanos, reason);
            log.info("Takeover of {} done: {}", options.vm(), report);
            takenOver.complete(report);
            return report;
        } catch (FailoverException | InterruptedException | RuntimeException e) {
            takenOver.completeExceptionally(e);
            throw e;
        }
    }

    /** Completes when a takeover is over, whoever decided it. */
    public CompletableFuture<FailoverReport> takenOver() {
        return takenOver.copy();
    }

    /** The process that runs the VM after a takeover. */
    public Optional<Standby> running() {
        return failover.running();
    }

    public InetSocketAddress address() throws IOException {
        return server.address();
    }

    public BackupStatus status() {
        Optional<BackupSession> session = admission.current();
        return new BackupStatus(
                options.vm().value(),
                failover.state(),
                session.map(s -> s.state().name()),
                session.flatMap(BackupSession::hello).map(Hello::hostId),
                committer.committedEpoch(),
                committer.image().map(i -> i.memory().pages()).orElse(0),
                budget.usedBytes(),
                committer.standby().map(HotStandby::state),
                listener.commits(),
                listener.dropped(),
                listener.lastDropReason(),
                committer.broken());
    }

    /** Ends sessions, applies what was acknowledged, and withdraws the standby unless it runs the VM. */
    @Override
    public void close() throws IOException {
        closing = true;
        server.close();
        apply.close();
        committer.close();
    }
}
