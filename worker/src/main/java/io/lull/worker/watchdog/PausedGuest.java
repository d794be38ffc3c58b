package io.lull.worker.watchdog;

import io.lull.producer.qemu.Qmp;
import io.lull.producer.qemu.QmpClient;
import io.lull.producer.qemu.QmpException;
import io.lull.worker.colo.ColoControl;
import io.lull.worker.qemu.PausedFrames;
import io.lull.worker.qemu.QmpCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * A guest that its worker may have left paused: lets it run, cut off its network until it does. Each attempt has a connection to
 * QEMU's monitor of its own. One thread.
 */
final class PausedGuest {
    /**
     * How long QEMU may take for a command while a silent worker is there, for which it may wait: its guest may stand still
     * meanwhile, and the backup has long gone on without that worker.
     */
    private static final Duration SILENT_WORKER_ANSWER_LIMIT = Duration.ofSeconds(1);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    private final Path qmp;
    private final PausedFrames frames;
    private boolean abandoned;

    /**
     * @param qmp its monitor
     * @param frames what it must not send when it goes on
     */
    PausedGuest(Path qmp, PausedFrames frames) {
        this.qmp = qmp;
        this.frames = frames;
    }

    /** What became of an attempt. */
    enum Outcome {
        /** The guest is free, nobody wants it any longer, or QEMU is gone. */
        DONE,
        /** It is still in COLO, or without its network. */
        NOT_YET,
        NO_ANSWER
    }

    /** Its worker is gone, who may have had its network disconnected and can't connect it again; QEMU waits for nobody any more. */
    void abandon() {
        abandoned = true;
    }

    private Duration answerLimit() {
        return abandoned ? ANSWER_LIMIT : SILENT_WORKER_ANSWER_LIMIT;
    }

    /**
     * Has QEMU leave COLO, which lets the guest run, and lets it run where that doesn't.
     *
     * @param stopped whether the worker had stopped it itself, not by COLO
     * @param wanted whether it is to be freed yet
     */
    Outcome free(boolean stopped, BooleanSupplier wanted) throws InterruptedException {
        try (QmpClient client = QmpClient.connect(qmp, event -> {}, answerLimit())) {
            PromptQmp monitor = new PromptQmp(client, answerLimit());
            Outcome outcome = freeCutOff(monitor, stopped, wanted);
            return monitor.wasLate() ? Outcome.NO_ANSWER : outcome;
        } catch (QmpException e) {
            System.err.println("watchdog: " + e.getMessage());
            return e.kind() == QmpException.Kind.TIMEOUT ? Outcome.NO_ANSWER : Outcome.DONE;
        }
    }

    private Outcome freeCutOff(PromptQmp monitor, boolean stopped, BooleanSupplier wanted)
            throws QmpException, InterruptedException {
        QmpCalls calls = new QmpCalls(monitor);
        cutOff(calls);
        if (monitor.wasLate()) {
            return Outcome.NO_ANSWER;
        }
        Outcome outcome = letRun(monitor, stopped, wanted);
        if (monitor.wasLate()) {
            // It may run yet, and what waits for that must not leave: who gets an answer connects it.
            return Outcome.NO_ANSWER;
        }
        try {
            if (abandoned) {
                frames.connect(calls);
            } else {
                frames.reconnect(calls);
            }
            return outcome;
        } catch (IOException e) {
            sayDisconnected(e);
            return Outcome.NOT_YET;
        }
    }

    /** Whether it may be disconnected by an attempt that QEMU didn't answer to its end. */
    boolean mayBeCutOff() {
        return frames.areCutOff();
    }

    /** Its worker lives after all and doesn't know that it may be disconnected: connects it, if QEMU answers now. */
    void connectAgain() throws InterruptedException {
        try (QmpClient client = QmpClient.connect(qmp, event -> {}, answerLimit())) {
            frames.reconnect(new QmpCalls(new PromptQmp(client, answerLimit())));
        } catch (QmpException | IOException e) {
            sayDisconnected(e);
        }
    }

    private static void sayDisconnected(Exception e) {
        System.err.println("watchdog: the guest's network may be disconnected: " + e.getMessage());
    }

    /** A guest that stands still is worse than a frame too many. */
    private void cutOff(QmpCalls calls) {
        try {
            frames.cutOff(calls);
        } catch (IOException e) {
            System.err.println("watchdog: frames that wait for the guest to run may leave: " + e.getMessage());
        }
    }

    private static Outcome letRun(Qmp monitor, boolean stopped, BooleanSupplier wanted)
            throws QmpException, InterruptedException {
        if (stopped) {
            // It may have been stopped for a migration that sends to the worker, and would wait for that.
            monitor.call("migrate_cancel", Map.of());
        }
        boolean out = new ColoControl(monitor).awaitOut(wanted);
        if (!out && wanted.getAsBoolean()) {
            System.err.println("watchdog: QEMU does not say that it is out of COLO");
            return Outcome.NOT_YET;
        }
        if (stopped && wanted.getAsBoolean()) {
            monitor.call("cont", Map.of());
        }
        return Outcome.DONE;
    }
}
