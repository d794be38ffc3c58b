package io.lull.bench.many;

import java.util.EnumMap;
import java.util.Map;

/** CPU time and wall time of the phases, in nanoseconds. */
final class Spent {
    private final BackupsProcess backups;
    private final Map<Phase, Share> shares = new EnumMap<>(Phase.class);
    private Share begun = new Share(0, 0, 0);

    /** CPU time of the two processes, and the time that passed meanwhile. */
    record Share(long primaryNanos, long backupNanos, long wallNanos) {
        Share plus(Share other) {
            return new Share(
                    primaryNanos + other.primaryNanos, backupNanos + other.backupNanos, wallNanos + other.wallNanos);
        }

        Share since(Share before) {
            return new Share(
                    primaryNanos - before.primaryNanos, backupNanos - before.backupNanos, wallNanos - before.wallNanos);
        }

        double primaryCores() {
            return (double) primaryNanos / wallNanos;
        }

        double backupCores() {
            return (double) backupNanos / wallNanos;
        }
    }

    Spent(BackupsProcess backups) {
        this.backups = backups;
    }

    void begin() {
        begun = now();
    }

    void end(Phase phase) {
        shares.merge(phase, now().since(begun), Share::plus);
    }

    private Share now() {
        long own =
                ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
        return new Share(own, backups.cpuNanos(), System.nanoTime());
    }

    Share of(Phase phase) {
        return shares.getOrDefault(phase, new Share(0, 0, 1));
    }
}
