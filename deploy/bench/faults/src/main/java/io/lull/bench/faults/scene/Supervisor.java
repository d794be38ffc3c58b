package io.lull.bench.faults.scene;

import io.lull.local.Await;
import io.lull.local.LocalStack;
import java.io.IOException;
import java.util.Optional;

/** Starts workers again that have ended, as a host's service manager would, until a VM is protected or has moved. */
public final class Supervisor {
    private static final long LOOK_MILLIS = 300;
    /** An epoch of these guests takes 30 ms at most. */
    private static final long EPOCHS_BETWEEN_LOOKS = 2;

    /** A plan that came before the fault holds for up to 2 s: only one that holds later shows that the job still sends them. */
    private static final long LEASE_OVER_MILLIS = 2_500;

    private final Scene scene;

    public Supervisor(Scene scene) {
        this.scene = scene;
    }

    /** How it ended. */
    public enum End {
        /** Epochs are committed, there is a standby, and a plan of the job's holds that was made after the fault. */
        PROTECTED,
        /** The same, in time, but for the plan. */
        UNPLANNED,
        /** The backup runs the VM. */
        MOVED,
        /** Neither, in time. */
        NEITHER
    }

    /** Waits for the end. */
    public End settle(long limitMillis) throws IOException {
        long begin = System.nanoTime();
        long end = begin + limitMillis * 1_000_000;
        Optional<Long> before = Optional.empty();
        boolean commits = false;
        while (System.nanoTime() < end) {
            if (scene.moved()) {
                return End.MOVED;
            }
            Optional<Long> now = scene.committedWhileProtected();
            commits = now.isPresent() && before.isPresent() && now.get() > before.get() + EPOCHS_BETWEEN_LOOKS;
            boolean leaseOver = System.nanoTime() - begin > LEASE_OVER_MILLIS * 1_000_000;
            if (commits && leaseOver && scene.planned()) {
                return End.PROTECTED;
            }
            before = now;
            restartWhatEnded();
            Await.pass(LOOK_MILLIS);
        }
        return commits ? End.UNPLANNED : End.NEITHER;
    }

    private void restartWhatEnded() throws IOException {
        LocalStack stack = scene.stack();
        if (!stack.backupWorker().alive()) {
            stack.restartBackup();
        }
        if (!stack.primaryWorker().alive() && stack.qemu().alive()) {
            stack.restartPrimary();
        }
    }
}
