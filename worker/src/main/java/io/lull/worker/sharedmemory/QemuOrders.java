package io.lull.worker.sharedmemory;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.producer.qemu.Qmp;
import io.lull.producer.qemu.QmpException;
import io.lull.worker.capture.CaptureException;
import io.lull.worker.colo.ColoControl;
import io.lull.worker.qemu.DeviceQuery;
import io.lull.worker.qemu.QmpCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** What is asked of QEMU's monitor to pause the guest, to save its devices, and to send the memory that is in no file. */
final class QemuOrders {
    private static final long LOOK_MILLIS = 1;
    /** 2 s in all. */
    private static final int MAX_LOOKS = 2_000;

    private final Qmp qmp;

    QemuOrders(Qmp qmp) {
        this.qmp = qmp;
    }

    /** The answers to the orders of one pause. */
    record Pause(CompletableFuture<JsonNode> stopped, CompletableFuture<JsonNode> saved) {}

    /** Has the guest stopped and its devices saved; does not wait. */
    Pause pause(Path deviceState) {
        // live:true would release the disks.
        return new Pause(
                qmp.execute("stop"),
                qmp.execute("xen-save-devices-state", Map.of("filename", deviceState.toString(), "live", false)));
    }

    /** Has the guest run; does not wait. */
    CompletableFuture<JsonNode> cont() {
        return qmp.execute("cont");
    }

    /** @throws CaptureException when it does not run, or its memory can't be known to be as in the file */
    void requireRunning() throws IOException {
        JsonNode status = call("query-status", Map.of());
        if (!status.path("running").asBoolean()) {
            throw new CaptureException(
                    "the guest does not run (" + status.path("status").asText("unknown")
                            + "): say cont at QEMU's monitor if it should; it is protected from then on");
        }
    }

    /** The devices that may be plugged in and out, by path. */
    Set<String> devices() throws IOException {
        return DeviceQuery.pluggable(new QmpCalls(qmp));
    }

    /** Asks whether the guest runs; does not wait. */
    CompletableFuture<JsonNode> askStatus() {
        return qmp.execute("query-status");
    }

    /** Whether it did. */
    static boolean runs(CompletableFuture<JsonNode> status) throws IOException {
        return await("query-status", status).path("running").asBoolean(true);
    }

    void stop() throws IOException {
        call("stop", Map.of());
    }

    /** Begins a migration that leaves out the memory in files; the guest stands still. */
    void migrateWithoutShared(Path socket) throws IOException {
        leaveSharedOut(true);
        call("migrate", Map.of("uri", "unix:" + socket));
    }

    /** Waits until the migration has come to its end. */
    void awaitMigrated() throws IOException {
        try {
            for (int i = 0; i < MAX_LOOKS; i++) {
                String status = status();
                if (status.equals("completed")) {
                    return;
                }
                if (status.equals("failed") || status.equals("cancelled")) {
                    throw new CaptureException("QEMU's migration " + status + ": see query-migrate at its monitor");
                }
                // QEMU tells of it by itself only with a capability that would outlive us in the VM.
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CaptureException("interrupted while QEMU ends its migration");
        }
        throw new CaptureException("QEMU has sent its memory, but does not end its migration");
    }

    /** Ends a migration, however far it came, so that the guest can be let run. */
    void endMigration() throws IOException {
        if (!status().equals("completed")) {
            call("migrate_cancel", Map.of());
        }
        if (!new ColoControl(qmp).awaitOut()) {
            throw new CaptureException("QEMU does not end its migration: see query-migrate at its monitor");
        }
        leaveSharedOut(false);
    }

    private String status() throws IOException {
        return call("query-migrate", Map.of()).path("status").asText("none");
    }

    private void leaveSharedOut(boolean left) throws IOException {
        call(
                "migrate-set-capabilities",
                Map.of(
                        "capabilities",
                        List.of(
                                Map.of("capability", "x-colo", "state", false),
                                Map.of("capability", "x-ignore-shared", "state", left))));
    }

    private JsonNode call(String command, Map<String, ?> arguments) throws IOException {
        return await(command, qmp.execute(command, arguments));
    }

    /** Waits for an answer. */
    static JsonNode await(String command, CompletableFuture<JsonNode> answer) throws IOException {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CaptureException("interrupted while QEMU carried out " + command);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof QmpException failure) {
                throw new CaptureException("QEMU did not carry out " + command + ": " + failure.getMessage(), failure);
            }
            throw new IllegalStateException("QMP command " + command + " failed in an unknown way", e);
        }
    }
}
