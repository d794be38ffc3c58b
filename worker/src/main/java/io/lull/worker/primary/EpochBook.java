package io.lull.worker.primary;

import io.lull.policy.VmId;
import io.lull.policy.signal.EpochReport;
import io.lull.worker.capture.Capture;
import io.lull.worker.output.Released;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The epochs between capture and commit: what is known of each so far, until its report can be written. Thread-safe.
 */
final class EpochBook {
    /**
     * Captured and not yet acknowledged. More in flight would bring the backup no nearer: behind a link that does not
     * keep up, each further epoch only repeats what the one before has.
     */
    static final int MAX_EPOCHS = 16;

    private final VmId vm;
    private final String hostId;
    private final Map<Long, Entry> entries = new HashMap<>();

    EpochBook(VmId vm, String hostId) {
        this.vm = vm;
        this.hostId = hostId;
    }

    /** What the capture thread knows of an epoch when the guest runs again. */
    record Captured(
            long epoch,
            Firing firing,
            Capture capture,
            long lengthNanos,
            long endedAtMicros,
            List<Long> dirtyPagesPerVcpu,
            long diskBytes) {}

    /** What the ship thread knows when the last byte is handed to the network. */
    record Shipped(
            EpochReport.Pages pages,
            long writtenBytes,
            long deltaBytes,
            long shippedBytes,
            long hashNanos,
            long deltaNanos,
            long compressNanos,
            long shippedAtNanos,
            String codec,
            int threads) {}

    private static final class Entry {
        private final Captured captured;
        private Optional<Shipped> shipped = Optional.empty();

        private Entry(Captured captured) {
            this.captured = captured;
        }
    }

    synchronized void captured(Captured captured) {
        if (entries.size() >= MAX_EPOCHS) {
            throw new IllegalStateException(
                    entries.size() + " epochs are captured and not acknowledged, and nobody waited for room");
        }
        entries.put(captured.epoch(), new Entry(captured));
    }

    synchronized void shipped(long epoch, Shipped shipped) {
        entry(epoch).shipped = Optional.of(shipped);
    }

    /**
     * Closes an epoch's entry at its acknowledgement and writes the report.
     *
     * @param released what of the output left by it; empty when nobody sees that
     */
    synchronized EpochReport acknowledged(long epoch, long atNanos, Optional<Released> released) {
        Entry entry = entry(epoch);
        entries.remove(epoch);
        notifyAll();
        Captured captured = entry.captured;
        Shipped shipped = entry.shipped.orElseThrow(
                () -> new IllegalStateException("epoch " + epoch + " was acknowledged before it was shipped"));
        Capture capture = captured.capture();
        Firing firing = captured.firing();
        return new EpochReport(
                vm,
                hostId,
                epoch,
                firing.decisionId(),
                firing.reason(),
                captured.endedAtMicros(),
                captured.lengthNanos(),
                capture.pause(),
                shipped.pages(),
                captured.dirtyPagesPerVcpu(),
                new EpochReport.Bytes(
                        shipped.writtenBytes(),
                        shipped.deltaBytes(),
                        shipped.shippedBytes(),
                        capture.deviceStateBytes(),
                        captured.diskBytes()),
                new EpochReport.Stages(
                        shipped.hashNanos(),
                        shipped.deltaNanos(),
                        shipped.compressNanos(),
                        Math.max(0, shipped.shippedAtNanos() - capture.resumedAtNanos()),
                        Math.max(0, atNanos - capture.pausedAtNanos())),
                released.map(seen -> new EpochReport.Held(seen.packets(), seen.bytes(), seen.oldestWaitNanos()))
                        .orElse(EpochReport.Held.UNKNOWN),
                new EpochReport.Trigger(
                        firing.signalToDecisionNanos(),
                        Math.max(0, capture.pausedAtNanos() - firing.firedAtNanos()),
                        firing.busyRatio()),
                shipped.codec(),
                shipped.threads());
    }

    /** How long ago the guest was paused for this epoch's capture. */
    synchronized long sinceCaptureNanos(long epoch, long nowNanos) {
        return nowNanos - entry(epoch).captured.capture().pausedAtNanos();
    }

    /** Waits for room for one epoch more, this long at most; whether there is. */
    synchronized boolean awaitRoom(long limitMillis) throws InterruptedException {
        if (entries.size() >= MAX_EPOCHS && limitMillis > 0) {
            wait(limitMillis);
        }
        return entries.size() < MAX_EPOCHS;
    }

    /** Forgets the epochs that will never be acknowledged. */
    synchronized void clear() {
        entries.clear();
        notifyAll();
    }

    synchronized int open() {
        return entries.size();
    }

    private Entry entry(long epoch) {
        Entry entry = entries.get(epoch);
        if (entry == null) {
            throw new IllegalStateException("epoch " + epoch + " is not under way");
        }
        return entry;
    }
}
