package io.lull.worker.primary;

import io.lull.producer.qemu.QmpEvent;
import io.lull.worker.capture.CheckpointSource;
import io.lull.worker.output.OutputGate;
import io.lull.worker.protocol.HandedOver;
import io.lull.worker.protocol.Handover;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.Verified;
import io.lull.worker.ship.BackupLink;
import io.lull.worker.ship.LinkListener;
import io.lull.worker.wire.WireState;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stretch of protection: from the connection to a backup until something is lost. It ends once, with a reason;
 * whatever the reason, the guest is left running. What its acknowledgements let go is {@link Commits}'.
 */
final class PrimarySession implements Switchover.Side, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PrimarySession.class);
    private static final long JOIN_MILLIS = 5_000;

    private final UUID id;
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final Current<OpenEpoch> open;
    private final SessionTurns turns;
    private final Commits commits;
    private volatile Optional<BackupLink> link = Optional.empty();
    private volatile Optional<EpochPipeline> pipeline = Optional.empty();
    private volatile Optional<CheckpointSource> source = Optional.empty();
    private volatile Optional<DiskReplica> disk = Optional.empty();
    private Optional<Thread> capture = Optional.empty();
    private VmFate fate = VmFate.RUNS;
    private boolean atRest = true;
    private volatile boolean known;
    private volatile boolean partedInPeace;
    private volatile Optional<LastEpoch> standing = Optional.empty();
    private volatile CompletableFuture<HandedOver> handedOver = new CompletableFuture<>();

    /**
     * Not connected yet.
     *
     * @param id tells this session's connection from all others, and its commits at the fence
     */
    PrimarySession(
            UUID id,
            Current<OpenEpoch> open,
            SessionTurns turns,
            Optional<OutputGate> gate,
            EpochBook book,
            LongSupplier nanoClock) {
        this.id = id;
        this.open = open;
        this.turns = turns;
        this.commits = new Commits(turns, gate, book, nanoClock);
    }

    UUID id() {
        return id;
    }

    /** Completes with the reason when the session can't go on. */
    CompletableFuture<String> ended() {
        return ended;
    }

    /** What the link needs to tell. */
    LinkListener linkListener() {
        return new LinkListener() {
            @Override
            public void greets() {
                known = true;
            }

            @Override
            public void refused() {
                known = false;
            }

            @Override
            public void onAck(long epoch) {
                commits.acknowledged(epoch);
            }

            @Override
            public void onVerified(long epoch, Verified verified) {
                pipeline.ifPresent(into -> into.verified(epoch, verified.result() != Verified.Result.STALE));
                if (verified.result() == Verified.Result.DIFFERENT) {
                    String detail = "pages " + verified.firstPage() + " to "
                            + (verified.firstPage() + verified.pages() - 1) + " differ on the backup";
                    turns.verifyFailed(epoch, detail);
                    end("verification failed: " + detail);
                }
            }

            @Override
            public void onHandedOver(HandedOver answer) {
                handedOver.complete(answer);
            }

            @Override
            public void onLost(LossKind kind, String why) {
                end("the backup is lost (" + kind + "): " + why);
            }
        };
    }

    /** What the pipeline and the trigger need to tell. */
    SessionEvents events() {
        return new SessionEvents() {
            @Override
            public void initialCopyDone(long pages, long wireBytes) {
                turns.copied(pages, wireBytes);
            }

            @Override
            public void failed(String reason) {
                end(reason);
            }

            @Override
            public void stalled(String reason) {
                end(reason);
                disk.ifPresent(DiskReplica::abort);
            }

            @Override
            public boolean areOver() {
                return ended.isDone();
            }
        };
    }

    /** Whether what the backup acknowledges leaves: then it may take over. */
    boolean isProtected() {
        return commits.mayLeave() && !ended.isDone();
    }

    /** Has the guest stand still after its next checkpoint. */
    @Override
    public LastEpoch standStill() {
        LastEpoch last = new LastEpoch();
        standing = Optional.of(last);
        commits.endWith(last);
        ended.thenAccept(last::lost);
        pipeline.orElseThrow().standStill(last);
        return last;
    }

    /**
     * Has the backup run the VM from the end of an epoch.
     *
     * @return done with its answer, or with none when the session is lost
     */
    @Override
    public CompletableFuture<Optional<HandedOver>> handOver(Handover handover) throws InterruptedException {
        // Answers to earlier handovers of this session were waited for, or the session is over.
        CompletableFuture<HandedOver> answer = new CompletableFuture<>();
        handedOver = answer;
        CompletableFuture<Optional<HandedOver>> either = new CompletableFuture<>();
        answer.thenAccept(said -> either.complete(Optional.of(said)));
        ended.thenAccept(lost -> either.complete(Optional.empty()));
        if (!link.orElseThrow().send(handover.frame())) {
            either.complete(Optional.empty());
        }
        return either;
    }

    /** The fence has it that this session's backup may take over: what it acknowledged leaves. From any thread. */
    void protectionRecorded() {
        commits.recorded();
    }

    void use(BackupLink opened) {
        link = Optional.of(opened);
    }

    void use(DiskReplica opened) {
        disk = Optional.of(opened);
    }

    /** The disk is not replicated any more: the backup would take over with a stale disk, so the session ends. */
    void diskFailed(String reason) {
        turns.diskFailed(reason);
        end(reason);
    }

    /** Takes an event of QEMU's. */
    void onQemuEvent(QmpEvent event) {
        disk.ifPresent(replica -> replica.onQemuEvent(event.name(), event.data()));
        source.ifPresent(from -> from.onQemuEvent(event));
    }

    /** Starts to capture; returns at once. */
    void start(CheckpointSource from, EpochPipeline into) {
        source = Optional.of(from);
        pipeline = Optional.of(into);
        Thread thread = new Thread(() -> capture(from, into), "lull-capture");
        thread.setDaemon(true);
        thread.setPriority(Thread.MAX_PRIORITY);
        capture = Optional.of(thread);
        thread.start();
    }

    private void capture(CheckpointSource from, EpochPipeline into) {
        try {
            from.run(into);
            end("the source was closed");
        } catch (IOException e) {
            end("capture failed: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "bug in the capture of epoch {}; the session ends",
                    open.get().number(),
                    e);
            end("bug in capture: " + e);
        }
    }

    /** Ends the session; only the first reason counts. */
    @Override
    public void end(String reason) {
        ended.complete(reason);
    }

    /** Says what became of the VM, before the session is closed; unless said, it runs. */
    void vmIs(VmFate found) {
        fate = found;
    }

    /** How the connection to the backup is protected; empty while there is none. */
    Optional<WireState> wire() {
        return link.filter(l -> !l.isLost()).map(BackupLink::wire);
    }

    /** Whether a backup may know of this session: it was greeted, and didn't refuse. */
    boolean mayBeKnown() {
        return known;
    }

    /** Whether the backup has confirmed that it knows this end to be no failure, so that it does not take over. */
    boolean partedInPeace() {
        return partedInPeace;
    }

    /** Whether nothing of the session's is running any more after it was closed. */
    boolean atRest() {
        return atRest;
    }

    /**
     * Frees everything but the gate, and leaves a guest that there is running. The epoch that was open stays open. A
     * backup that is still connected hears BYE, unless the VM is lost: then it is to take over.
     */
    @Override
    public void close() {
        end("closed");
        if (fate == VmFate.LOST) {
            link.ifPresent(l -> l.abandon("the VM is lost"));
        }
        // Who began to hand the guest over decides where it runs, and ends the session after that.
        boolean stays = standing.filter(last -> last.sessionEnds() == LastEpoch.State.STAYS)
                .isPresent();
        source.ifPresent(from -> from.close(!stays));
        link.ifPresent(this::bye);
        boolean captured = capture.map(PrimarySession::stop).orElse(true);
        disk.ifPresent(DiskReplica::close);
        atRest = pipeline.map(p -> p.close(captured)).orElse(true);
        commits.close();
    }

    private void bye(BackupLink to) {
        if (!to.isLost()) {
            partedInPeace = to.close("the primary ends the session");
        }
    }

    /** Stops the capture thread, which may wait for the backup or for the disk's copy; false when it does not stop. */
    private static boolean stop(Thread thread) {
        thread.interrupt();
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
