package io.lull.job.metrics;

import io.lull.job.state.PackedReader;
import io.lull.job.state.PackedWriter;
import io.lull.policy.signal.DirtyCurve;
import io.lull.policy.signal.DirtyCurveState;
import io.lull.policy.signal.EpochReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Writes and reads what a pane remembers of each of its epoch reports: who it is, so that it counts once, and what
 * {@link DirtyCurve} learns from, so that it learns in order, however the reports came.
 *
 * <p>A report is its VM's, host's, epoch's and moment's: after a worker starts anew, epochs begin at 1 again. Hosts are
 * told apart by a hash of 32 bits.
 */
final class ReportEntries {
    private static final int SAME_HOST = 1;
    private static final Comparator<Row> IN_TIME = Comparator.comparingLong(Row::endedAtMicros)
            .thenComparingLong(Row::epoch)
            .thenComparingInt(Row::host);

    private final PackedReader reader = new PackedReader();
    private final List<Row> rows = new ArrayList<>();

    private record Row(int host, long endedAtMicros, long epoch, long lengthNanos, long dirtyPages) {}

    /** Writes the entry of {@code report} into {@code entry}, as one to be appended to {@code log}. */
    void write(PackedWriter entry, EntryLog log, EpochReport report, int host) {
        boolean sameHost = host == log.lastHost;
        entry.begin();
        entry.putByte(sameHost ? SAME_HOST : 0);
        entry.putSigned(report.endedAtMicros() - log.lastAtMicros);
        entry.putSigned(report.epoch() - log.lastEpoch);
        if (!sameHost) {
            entry.putInt(host);
        }
        entry.putUnsigned(report.lengthNanos());
        entry.putUnsigned(report.pages().dirtyPages());
    }

    boolean contains(EntryLog log, EpochReport report, int host) {
        read(log);
        for (Row row : rows) {
            if (row.endedAtMicros() == report.endedAtMicros() && row.epoch() == report.epoch() && row.host() == host) {
                return true;
            }
        }
        return false;
    }

    /** Teaches {@code curve} the reports of a pane that closes. */
    void teach(DirtyCurveState curve, EntryLog log) {
        read(log);
        rows.sort(IN_TIME);
        for (Row row : rows) {
            DirtyCurve.update(curve, row.lengthNanos(), row.dirtyPages());
        }
    }

    private void read(EntryLog log) {
        rows.clear();
        reader.open(log.bytes, log.length);
        int host = 0;
        long endedAtMicros = 0;
        long epoch = 0;
        while (reader.hasNext()) {
            int flags = reader.nextByte();
            endedAtMicros += reader.nextSigned();
            epoch += reader.nextSigned();
            host = (flags & SAME_HOST) != 0 ? host : reader.nextInt();
            rows.add(new Row(host, endedAtMicros, epoch, reader.nextUnsigned(), reader.nextUnsigned()));
        }
    }
}
