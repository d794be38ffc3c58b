package io.lull.worker.primary;

import io.lull.policy.ReplicationEvent;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why a primary worker lets go of its VM, and what it then says; the first reason counts. From any thread. */
final class RunEnd {
    private static final Logger LOG = LoggerFactory.getLogger(RunEnd.class);

    private final Announcer announcer;
    private final String monitor;
    private final Consumer<String> session;
    private final CompletableFuture<String> told = new CompletableFuture<>();
    private final CompletableFuture<String> gateLoss = new CompletableFuture<>();
    private final CompletableFuture<String> monitorLoss = new CompletableFuture<>();
    private final CompletableFuture<String> fenceLoss = new CompletableFuture<>();

    /**
     * Nothing has happened yet.
     *
     * @param monitor the worker's monitor of QEMU, for a reader
     * @param session ends the session that there is, with the reason
     */
    RunEnd(Announcer announcer, String monitor, Consumer<String> session) {
        this.announcer = announcer;
        this.monitor = monitor;
        this.session = session;
    }

    /** The run is to end. */
    void tell(String why) {
        if (told.complete(why)) {
            LOG.info("vm {}: ending: {}", announcer.vm(), why);
            session.accept(why);
        }
    }

    /** QEMU can no longer be told anything. */
    void monitorClosed(String reason) {
        monitorLoss.complete(reason);
        tell("QEMU's monitor is closed: " + reason);
    }

    /** The guest's output can no longer be held and released. */
    void gateLost(String reason) {
        gateLoss.complete(reason);
        tell("the output gate is lost: " + reason);
    }

    /** The fence has it that the VM is another's. */
    void fenceLost(String why) {
        fenceLoss.complete("the fence: " + why);
        tell("the fence: " + why);
    }

    boolean isTold() {
        return told.isDone();
    }

    /** The first reason; only once it is told. */
    String why() {
        return told.join();
    }

    /** Waits until it is told, so long at most. */
    void await(long millis) throws InterruptedException {
        try {
            told.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.debug("next attempt to reach the backup");
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end is never exceptional", e);
        }
    }

    /** What the fence has said against this VM; empty while it has said nothing. */
    Optional<String> fenceLoss() {
        return Optional.ofNullable(fenceLoss.getNow(null));
    }

    /** Says that the VM or its gate is lost; empty when neither is. */
    Optional<IOException> loss(VmFate fate) {
        if (fate == VmFate.LOST || fate == VmFate.OUT_OF_REACH) {
            return Optional.of(said(ReplicationEvent.Kind.UNPROTECTED, vmLost(fate)));
        }
        if (gateLoss.isDone() && fate == VmFate.RUNS) {
            return Optional.of(said(
                    ReplicationEvent.Kind.UNPROTECTED,
                    "the output gate of VM " + announcer.vm() + " is lost (" + gateLoss.join()
                            + "): nothing that the guest says leaves any more; start this worker again, which puts in a"
                            + " new gate"));
        }
        return Optional.empty();
    }

    private String vmLost(VmFate fate) {
        return fate == VmFate.LOST
                ? "QEMU of VM " + announcer.vm()
                        + " is gone, or stuck, without a shutdown: the backup was left to take over"
                : "QEMU of VM " + announcer.vm() + " lives and its monitor is closed ("
                        + monitorLoss.getNow(monitor)
                        + "): the guest runs and its output is dropped; restart this worker";
    }

    /** Says that another host has the VM, or may have it. */
    IOException fenced(String why) {
        return said(
                ReplicationEvent.Kind.FENCED,
                "this QEMU must not speak for VM " + announcer.vm()
                        + ", which runs or belongs elsewhere, or may; what it sends is dropped for good, so end it ("
                        + why + ")");
    }

    private IOException said(ReplicationEvent.Kind kind, String what) {
        announcer.ended(kind, what);
        return new IOException(what);
    }
}
