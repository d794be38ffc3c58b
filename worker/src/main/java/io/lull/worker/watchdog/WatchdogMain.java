package io.lull.worker.watchdog;

import io.lull.producer.qemu.Qmp;
import io.lull.producer.qemu.QmpClient;
import io.lull.producer.qemu.QmpException;
import io.lull.worker.colo.ColoControl;
import io.lull.worker.qemu.PausedFrames;
import io.lull.worker.qemu.QmpCalls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The watchdog process: reads signs of life from standard input; at silence or at the end of the pipe it tells QEMU to
 * leave COLO, which resumes a guest that was paused inside a checkpoint, and resumes a guest that the worker had stopped
 * itself: outside of COLO, or for a checkpoint from shared memory. A silent worker for which QEMU waits with all that it does, as for the disk write under way at a pause, is
 * killed: nothing else sets that QEMU free. What that worker had let go meanwhile is dropped ({@link PausedFrames}).
 * Arguments: QMP socket, limit in milliseconds, the worker's process id, and the netdev if its output is held.
 * It ends with the pipe; {@link #ORDERLY} as the last byte means that nothing is to be done.
 */
public final class WatchdogMain {
    /** The worker lives. */
    public static final int ALIVE = 'a';
    /** The worker ends in order and has disarmed QEMU itself. */
    public static final int ORDERLY = 'o';

    /** The worker stops the guest itself, not by COLO. */
    public static final int STOPPED = 's';
    /** The guest that the worker stopped runs again. */
    public static final int RUNS = 'r';

    /** The guest may run elsewhere: it is not to be freed, until {@link #UNBARRED} or {@link #RUNS}. */
    public static final int BARRED = 'b';
    /** The guest runs nowhere else and may be freed, and if the worker had stopped it, it stands still. */
    public static final int UNBARRED = 'u';

    private static final int NETDEV = 3;
    private static final int END_OF_PIPE = -1;
    /** At the worker's end: how often QEMU is told, and how far apart. */
    private static final int FREE_ATTEMPTS = 10;
    /** For how long it is told while it doesn't answer, as when its disk hangs: nobody else may be there to tell it. */
    private static final long SILENT_QEMU_LIMIT_NANOS = TimeUnit.HOURS.toNanos(1);

    private static final long ATTEMPT_PAUSE_MILLIS = 500;
    /**
     * How long QEMU may take for a command while a silent worker is there, for which it may wait: its guest may stand still
     * meanwhile, and the backup has long gone on without that worker.
     */
    private static final Duration SILENT_WORKER_ANSWER_LIMIT = Duration.ofSeconds(1);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
    private static final int MAX_SIGNS = 1024;

    private WatchdogMain() {}

    public static void main(String[] args) throws InterruptedException {
        Path qmp = Path.of(args[0]);
        long limitMillis = Long.parseLong(args[1]);
        long worker = Long.parseLong(args[2]);
        PausedFrames frames = new PausedFrames(args.length > NETDEV ? Optional.of(args[NETDEV]) : Optional.empty());
        BlockingQueue<Integer> signs = new ArrayBlockingQueue<>(MAX_SIGNS);
        Thread reader = new Thread(() -> read(System.in, signs), "signs");
        reader.setDaemon(true);
        reader.start();
        System.exit(watch(new Guest(qmp, frames, false), limitMillis, worker, signs));
    }

    private static int watch(Guest guest, long limitMillis, long worker, BlockingQueue<Integer> signs)
            throws InterruptedException {
        boolean silent = false;
        boolean stopped = false;
        boolean barred = false;
        boolean heard = false;
        while (true) {
            Integer sign = signs.poll(limitMillis, TimeUnit.MILLISECONDS);
            if (sign == null && !heard) {
                // A worker that attaches yet has paused nothing, however long QEMU keeps it waiting.
                continue;
            }
            heard = true;
            if (barred && (sign == null || sign == END_OF_PIPE)) {
                if (sign == null) {
                    continue;
                }
                System.err.println(
                        "watchdog: the worker is gone, and the guest may run elsewhere: it is left as it is");
                return 0;
            }
            if (sign == null) {
                if (!silent) {
                    silent = true;
                    say("the worker has been silent for " + limitMillis + " ms");
                }
                // At each limit again: a silent worker's initial copy may pause the guest at its end, which is later.
                if (free(guest, stopped, signs::isEmpty) == Outcome.NO_ANSWER) {
                    if (signs.isEmpty()) {
                        kill(worker);
                    } else {
                        connectAgain(guest);
                    }
                }
            } else if (sign == ORDERLY) {
                return 0;
            } else if (sign == END_OF_PIPE) {
                say("the worker is gone");
                return freeForGood(guest, stopped);
            } else {
                silent = false;
                stopped = sign == STOPPED || stopped && sign != RUNS;
                barred = sign == BARRED || barred && sign != RUNS && sign != UNBARRED;
            }
        }
    }

    private static int freeForGood(Guest guest, boolean stopped) throws InterruptedException {
        long beganNanos = System.nanoTime();
        int answers = 0;
        while (answers < FREE_ATTEMPTS && System.nanoTime() - beganNanos < SILENT_QEMU_LIMIT_NANOS) {
            Outcome outcome = free(guest.abandoned(), stopped, () -> true);
            if (outcome == Outcome.DONE) {
                return 0;
            }
            answers += outcome == Outcome.NO_ANSWER ? 0 : 1;
            // Nothing tells when QEMU answers again: it has to be asked.
            Thread.sleep(ATTEMPT_PAUSE_MILLIS);
        }
        System.err.println("watchdog: given up; see whether the guest runs");
        return 1;
    }

    private static void say(String why) {
        System.err.println("watchdog: " + why + ": telling QEMU to leave COLO so that the guest runs");
    }

    /**
     * What is freed.
     *
     * @param qmp its monitor
     * @param frames what it must not send when it goes on
     * @param workerIsGone who may have had its network disconnected, and can't connect it again
     */
    private record Guest(Path qmp, PausedFrames frames, boolean workerIsGone) {
        Guest abandoned() {
            return new Guest(qmp, frames, true);
        }

        Duration answerLimit() {
            return workerIsGone ? ANSWER_LIMIT : SILENT_WORKER_ANSWER_LIMIT;
        }
    }

    private enum Outcome {
        /** The guest is free, nobody wants it any longer, or QEMU is gone. */
        DONE,
        /** It is still in COLO, or without its network. */
        NOT_YET,
        NO_ANSWER
    }

    private static void kill(long worker) {
        System.err.println("watchdog: QEMU does not answer while the worker is silent: killing the worker, process "
                + worker + ", for which it waits");
        ProcessHandle.of(worker).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static Outcome free(Guest guest, boolean stopped, BooleanSupplier wanted) throws InterruptedException {
        try (QmpClient client = QmpClient.connect(guest.qmp(), event -> {}, guest.answerLimit())) {
            PromptQmp monitor = new PromptQmp(client, guest.answerLimit());
            Outcome outcome = freeCutOff(guest, monitor, stopped, wanted);
            return monitor.wasLate() ? Outcome.NO_ANSWER : outcome;
        } catch (QmpException e) {
            System.err.println("watchdog: " + e.getMessage());
            return e.kind() == QmpException.Kind.TIMEOUT ? Outcome.NO_ANSWER : Outcome.DONE;
        }
    }

    private static Outcome freeCutOff(Guest guest, PromptQmp monitor, boolean stopped, BooleanSupplier wanted)
            throws QmpException, InterruptedException {
        QmpCalls calls = new QmpCalls(monitor);
        cutOff(guest.frames(), calls);
        if (monitor.wasLate()) {
            return Outcome.NO_ANSWER;
        }
        Outcome outcome = letRun(monitor, stopped, wanted);
        if (monitor.wasLate()) {
            // It may run yet, and what waits for that must not leave: who gets an answer connects it.
            return Outcome.NO_ANSWER;
        }
        try {
            if (guest.workerIsGone()) {
                guest.frames().connect(calls);
            } else {
                guest.frames().reconnect(calls);
            }
            return outcome;
        } catch (IOException e) {
            System.err.println("watchdog: the guest's network may be disconnected: " + e.getMessage());
            return Outcome.NOT_YET;
        }
    }

    /** The worker lives after all, and doesn't know that its guest may be disconnected. */
    private static void connectAgain(Guest guest) throws InterruptedException {
        for (int attempt = 0; attempt < FREE_ATTEMPTS && guest.frames().areCutOff(); attempt++) {
            try (QmpClient client = QmpClient.connect(guest.qmp(), event -> {}, guest.answerLimit())) {
                guest.frames().reconnect(new QmpCalls(new PromptQmp(client, guest.answerLimit())));
            } catch (QmpException | IOException e) {
                System.err.println("watchdog: the guest's network may be disconnected: " + e.getMessage());
                Thread.sleep(ATTEMPT_PAUSE_MILLIS);
            }
        }
    }

    /** A guest that stands still is worse than a frame too many. */
    private static void cutOff(PausedFrames frames, QmpCalls calls) {
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

    private static void read(InputStream in, BlockingQueue<Integer> signs) {
        try {
            while (true) {
                int sign = in.read();
                signs.put(sign);
                if (sign < 0) {
                    return;
                }
            }
        } catch (IOException e) {
            signs.offer(END_OF_PIPE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
