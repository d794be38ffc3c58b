package io.lull.worker.colo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lull.producer.qemu.Qmp;
import io.lull.producer.qemu.QmpException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is asked of QEMU's monitor to enter COLO and to leave it with the guest running. */
public final class ColoControl {
    private static final Logger LOG = LoggerFactory.getLogger(ColoControl.class);
    /** 1 ms costs about 3 % of QEMU's main thread and lets a checkpoint follow 1 ms after a resume; 0 would spin. */
    private static final int CHECKPOINT_DELAY_MILLIS = 1;
    /** 1 PiB/s: the initial copy is throttled by our reading, not by QEMU. */
    private static final long MAX_BANDWIDTH_BYTES_PER_SECOND = 1L << 50;

    /** For how long a guest may stand still at the end of the initial copy, as QEMU reckons. */
    static final long DOWNTIME_LIMIT_MILLIS = 300;
    /** For a guest that dirties memory faster than the initial copy gets on. */
    static final long LONGEST_DOWNTIME_MILLIS = 10_000;

    private static final String LEAVE = "x-colo-lost-heartbeat";
    private static final String IN_COLO = "colo";
    private static final String PAUSED = "paused";
    /** States of a migration that may yet enter COLO, or is in it. */
    private static final Set<String> UNDER_WAY =
            Set.of("setup", "active", "wait-unplug", "pre-switchover", "device", "cancelling", IN_COLO);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
    private static final long LOOK_MILLIS = 5;
    /** 5 s in all. */
    private static final int MAX_LOOKS = 1_000;

    /** Why QEMU stops a guest that could go on elsewhere: its disk has no room or fails, or KVM can't go on. */
    private static final Set<String> FAULTS = Set.of("io-error", "internal-error");

    /** Of a guest that QEMU itself stops, at the end of an initial copy or for a checkpoint; or that runs by now. */
    private static final Set<String> OF_COLO = Set.of(IN_COLO, "finish-migrate", "running");

    /** Stopped by an operator, before a copy that failed too, or not started yet: COLO would let such a guest run. */
    private static final Set<String> NOT_TO_RUN = Set.of(PAUSED, "prelaunch", "postmigrate");

    private final Qmp qmp;
    private final AtomicInteger leaves = new AtomicInteger();

    public ColoControl(Qmp qmp) {
        this.qmp = qmp;
    }

    /**
     * Sets capabilities and parameters; {@link #migrate} begins.
     *
     * @throws IOException when QEMU refuses, or its guest is not to run
     */
    void prepare() throws IOException {
        String status = await("query-status", Map.of()).path("status").asText();
        if (NOT_TO_RUN.contains(status)) {
            throw new IOException("the guest does not run (" + status + "): say cont at QEMU's monitor");
        }
        await(
                "migrate-set-capabilities",
                Map.of(
                        "capabilities",
                        List.of(
                                Map.of("capability", "x-colo", "state", true),
                                // A worker that captured from shared memory, and was killed, may have left it on.
                                Map.of("capability", "x-ignore-shared", "state", false))));
        await(
                "migrate-set-parameters",
                Map.of(
                        "x-checkpoint-delay", CHECKPOINT_DELAY_MILLIS,
                        "max-bandwidth", MAX_BANDWIDTH_BYTES_PER_SECOND,
                        "downtime-limit", DOWNTIME_LIMIT_MILLIS));
    }

    void migrate(Path socket) throws IOException {
        await("migrate", Map.of("uri", "unix:" + socket));
    }

    private JsonNode await(String command, Map<String, ?> arguments) throws IOException {
        try {
            return qmp.call(command, arguments);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ColoStreamException("interrupted while QEMU ran " + command);
        } catch (QmpException e) {
            throw new IOException("QEMU did not take " + command + ": " + e.getMessage(), e);
        }
    }

    /** Lets the guest stand still for so long at the end of the initial copy. */
    void limitDowntime(long millis) {
        tell("migrate-set-parameters", Map.of("downtime-limit", millis), () -> {});
    }

    /**
     * Whether the initial copy has been once over all memory, and goes on with what was written meanwhile; does not wait. QEMU counts
     * how often it has asked what was written: once at the begin, and again at the end of each pass.
     */
    CompletableFuture<Boolean> askWhetherCopyRepeats() {
        return qmp.execute("query-migrate")
                .handle((answer, error) -> error == null
                        && answer.path("ram").path("dirty-sync-count").asLong() > 1);
    }

    /** Whether a guest that stands still does so for a fault of this host's; does not wait. */
    CompletableFuture<Boolean> askWhetherStuck() {
        return qmp.execute("query-status")
                .handle((answer, error) ->
                        error == null && FAULTS.contains(answer.path("status").asText()));
    }

    /** Whether a guest that was just stopped in its initial copy was so neither by QEMU for that nor for a fault; does not wait. */
    CompletableFuture<Boolean> askWhetherOthersStopped() {
        return qmp.execute("query-status")
                .handle((answer, error) ->
                        error == null && isByOthers(answer.path("status").asText()));
    }

    /** Whether a guest stands still that neither QEMU stopped for COLO nor a fault of the host's. */
    private static boolean isByOthers(String status) {
        return !OF_COLO.contains(status) && !FAULTS.contains(status);
    }

    /** Ends COLO, which resumes a paused guest; does not wait. */
    void leave() {
        tell(LEAVE, Map.of(), leaves::incrementAndGet);
    }

    /** How often QEMU took it that it is to leave COLO: outside of that it refuses. */
    int leaves() {
        return leaves.get();
    }

    /** Whether the guest stands still by somebody's order, as far as QEMU says. */
    boolean isStoppedByOthers() {
        try {
            return isByOthers(qmp.execute("query-status", JsonNodeFactory.instance.objectNode(), ANSWER_LIMIT)
                    .get()
                    .path("status")
                    .asText());
        } catch (ExecutionException e) {
            LOG.debug("query-status: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Stops the guest, and waits until QEMU has done so or failed. */
    void stop() {
        try {
            await("stop", Map.of());
        } catch (IOException e) {
            LOG.warn("a guest that an operator had stopped runs: {}", e.getMessage());
        }
    }

    private void tell(String command, Map<String, ?> arguments, Runnable taken) {
        qmp.execute(command, arguments).whenComplete((done, error) -> {
            if (error == null) {
                taken.run();
            } else {
                LOG.debug("{}: {}", command, error.getMessage());
            }
        });
    }

    /**
     * Waits until QEMU is out of COLO, telling it to leave each time that it is found in it: a migration that was
     * abandoned in its last part enters COLO only then, and waits there with the guest paused.
     *
     * @return whether QEMU is out of it; false after 5 s, when it does not answer, or when this thread is interrupted
     */
    public boolean awaitOut() {
        return awaitOut(() -> true);
    }

    /** As {@link #awaitOut()}, and gives up when {@code wanted} is no longer so. */
    public boolean awaitOut(BooleanSupplier wanted) {
        try {
            for (int i = 0; i < MAX_LOOKS && wanted.getAsBoolean(); i++) {
                String status = status();
                if (!UNDER_WAY.contains(status)) {
                    return true;
                }
                if (status.equals(IN_COLO)) {
                    leave();
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (ExecutionException e) {
            LOG.debug("query-migrate: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private String status() throws ExecutionException, InterruptedException {
        return qmp.execute("query-migrate", JsonNodeFactory.instance.objectNode(), ANSWER_LIMIT)
                .get()
                .path("status")
                .asText("none");
    }
}
