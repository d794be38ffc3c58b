package io.lull.worker.watchdog;

import io.lull.producer.qemu.QmpClient;
import io.lull.producer.qemu.QmpException;
import io.lull.worker.colo.ColoControl;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The watchdog process: reads signs of life from standard input; at silence or at the end of the pipe it tells QEMU to
 * leave COLO, which resumes a guest that was paused inside a checkpoint. Arguments: QMP socket, limit in milliseconds.
 * It ends with the pipe; {@link #ORDERLY} as the last byte means that nothing is to be done.
 */
public final class WatchdogMain {
    /** The worker lives. */
    public static final int ALIVE = 'a';
    /** The worker ends in order and has disarmed QEMU itself. */
    public static final int ORDERLY = 'o';

    private static final int END_OF_PIPE = -1;
    private static final Duration QMP_TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_SIGNS = 1024;

    private WatchdogMain() {}

    public static void main(String[] args) throws InterruptedException {
        Path qmp = Path.of(args[0]);
        long limitMillis = Long.parseLong(args[1]);
        BlockingQueue<Integer> signs = new ArrayBlockingQueue<>(MAX_SIGNS);
        Thread reader = new Thread(() -> read(System.in, signs), "signs");
        reader.setDaemon(true);
        reader.start();
        System.exit(watch(qmp, limitMillis, signs));
    }

    private static int watch(Path qmp, long limitMillis, BlockingQueue<Integer> signs) throws InterruptedException {
        boolean silent = false;
        while (true) {
            Integer sign = signs.poll(limitMillis, TimeUnit.MILLISECONDS);
            if (sign == null) {
                if (!silent) {
                    silent = true;
                    say("the worker has been silent for " + limitMillis + " ms");
                }
                // At each limit again: a silent worker's initial copy may pause the guest at its end, which is later.
                free(qmp, signs::isEmpty);
            } else if (sign == ORDERLY) {
                return 0;
            } else if (sign == END_OF_PIPE) {
                say("the worker is gone");
                free(qmp, () -> true);
                return 0;
            } else {
                silent = false;
            }
        }
    }

    private static void say(String why) {
        System.err.println("watchdog: " + why + ": telling QEMU to leave COLO so that the guest runs");
    }

    private static void free(Path socket, BooleanSupplier wanted) throws InterruptedException {
        try (QmpClient client = QmpClient.connect(socket, event -> {}, QMP_TIMEOUT)) {
            if (!new ColoControl(client).awaitOut(wanted) && wanted.getAsBoolean()) {
                System.err.println("watchdog: QEMU does not say that it is out of COLO");
            }
        } catch (QmpException e) {
            // QEMU is gone as well: there is no guest to free.
            System.err.println("watchdog: " + e.getMessage());
        }
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
