package io.lull.worker.watchdog;

import io.lull.worker.qemu.PausedFrames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

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
    /** How often a guest is connected again whose worker lives; at most once with each of its signs. */
    private static final int CONNECT_ATTEMPTS = 10;

    private static final int MAX_SIGNS = 1024;

    private final PausedGuest guest;
    private final long limitMillis;
    private final long worker;
    private final BlockingQueue<Integer> signs;
    private boolean silent;
    /** The worker has stopped the guest itself. */
    private boolean stopped;

    private boolean barred;
    private int connects;

    private WatchdogMain(PausedGuest guest, long limitMillis, long worker, BlockingQueue<Integer> signs) {
        this.guest = guest;
        this.limitMillis = limitMillis;
        this.worker = worker;
        this.signs = signs;
    }

    public static void main(String[] args) throws InterruptedException {
        Path qmp = Path.of(args[0]);
        long limitMillis = Long.parseLong(args[1]);
        long worker = Long.parseLong(args[2]);
        PausedFrames frames = new PausedFrames(args.length > NETDEV ? Optional.of(args[NETDEV]) : Optional.empty());
        BlockingQueue<Integer> signs = new ArrayBlockingQueue<>(MAX_SIGNS);
        Thread reader = new Thread(() -> read(System.in, signs), "signs");
        reader.setDaemon(true);
        reader.start();
        System.exit(new WatchdogMain(new PausedGuest(qmp, frames), limitMillis, worker, signs).watch());
    }

    private int watch() throws InterruptedException {
        // A worker that attaches yet has paused nothing, however long QEMU keeps it waiting.
        Integer sign = signs.take();
        while (sign == null || sign != ORDERLY && sign != END_OF_PIPE) {
            if (sign != null) {
                take(sign);
            } else if (!barred) {
                silence();
            }
            sign = signs.poll(limitMillis, TimeUnit.MILLISECONDS);
        }
        if (sign == ORDERLY) {
            connectAgain();
            return 0;
        }
        if (barred) {
            System.err.println("watchdog: the worker is gone, and the guest may run elsewhere: it is left as it is");
            return 0;
        }
        say("the worker is gone");
        return freeForGood();
    }

    private void take(int sign) throws InterruptedException {
        connectAgain();
        silent = false;
        stopped = sign == STOPPED || stopped && sign != RUNS;
        barred = sign == BARRED || barred && sign != RUNS && sign != UNBARRED;
    }

    /** The worker lives, and doesn't know of a guest that was disconnected in its silence. */
    private void connectAgain() throws InterruptedException {
        if (guest.mayBeCutOff() && connects > 0) {
            connects--;
            guest.connectAgain();
        }
    }

    private void silence() throws InterruptedException {
        if (!silent) {
            silent = true;
            say("the worker has been silent for " + limitMillis + " ms");
        }
        connects = CONNECT_ATTEMPTS;
        // At each limit again: a silent worker's initial copy may pause the guest at its end, which is later.
        if (guest.free(stopped, signs::isEmpty) == PausedGuest.Outcome.NO_ANSWER && signs.isEmpty()) {
            kill(worker);
        }
    }

    private int freeForGood() throws InterruptedException {
        guest.abandon();
        long beganNanos = System.nanoTime();
        int answers = 0;
        while (answers < FREE_ATTEMPTS && System.nanoTime() - beganNanos < SILENT_QEMU_LIMIT_NANOS) {
            PausedGuest.Outcome outcome = guest.free(stopped, () -> true);
            if (outcome == PausedGuest.Outcome.DONE) {
                return 0;
            }
            answers += outcome == PausedGuest.Outcome.NO_ANSWER ? 0 : 1;
            // Nothing tells when QEMU answers again: it has to be asked.
            Thread.sleep(ATTEMPT_PAUSE_MILLIS);
        }
        System.err.println("watchdog: given up; see whether the guest runs");
        return 1;
    }

    private static void say(String why) {
        System.err.println("watchdog: " + why + ": telling QEMU to leave COLO so that the guest runs");
    }

    private static void kill(long worker) {
        System.err.println("watchdog: QEMU does not answer while the worker is silent: killing the worker, process "
                + worker + ", for which it waits");
        ProcessHandle.of(worker).ifPresent(ProcessHandle::destroyForcibly);
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
