package io.lull.worker.primary;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.producer.probe.DiskCounters;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.disk.CopyLimit;
import io.lull.worker.disk.DiskMirror;
import io.lull.worker.disk.DiskSink;
import io.lull.worker.disk.EpochTotals;
import io.lull.worker.disk.MirrorListener;
import io.lull.worker.disk.MirrorSpec;
import io.lull.worker.disk.MirrorState;
import io.lull.worker.disk.NbdExport;
import io.lull.worker.disk.NbdListener;
import io.lull.worker.disk.NbdServer;
import io.lull.worker.disk.WriteCounts;
import io.lull.worker.disk.WriteLog;
import io.lull.worker.qemu.QmpCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One session's replication of the disk: an NBD server, QEMU's mirror to it, and the log that numbers the writes. */
final class DiskReplica implements DiskLog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskReplica.class);
    private static final String EXPORT = "disk";
    private static final String JOB = "lull-mirror";
    private static final String TARGET = JOB + "-target";
    /** How long the copy may stand still. */
    private static final long COPY_STANDSTILL_MILLIS = 600_000;
    /** What QEMU may have under way while it copies; only with a limited rate. */
    private static final long COPY_BUFFER_BYTES = 1 << 20;

    private final WriteLog log;
    private final NbdServer server;
    private final DiskMirror mirror;
    private final AtomicBoolean connectionEnded;

    private DiskReplica(WriteLog log, NbdServer server, DiskMirror mirror, AtomicBoolean connectionEnded) {
        this.log = log;
        this.server = server;
        this.mirror = mirror;
        this.connectionEnded = connectionEnded;
    }

    /** What a replica copies and where its writes go. */
    record Spec(long diskBytes, long firstEpoch, DiskSink sink, MirrorListener onFailure) {}

    /** Listens for QEMU; {@link #begin} makes it come. */
    static DiskReplica listen(PrimaryConfig config, QmpCalls qmp, Spec spec) throws IOException {
        Path socket = config.socket("nbd.sock");
        removeLeftovers(qmp);
        WriteLog log = new WriteLog(spec.sink(), spec.firstEpoch());
        AtomicBoolean connectionEnded = new AtomicBoolean();
        MirrorListener onFailure = firstOnly(spec.onFailure());
        FirstCopy.warning(spec.diskBytes())
                .ifPresent(why -> LOG.warn("disk {}: {}", config.disk().node(), why));
        NbdServer server = NbdServer.listen(
                socket, new NbdExport(EXPORT, spec.diskBytes()), log, connectionListener(connectionEnded, onFailure));
        long copyMebibytes = config.disk().copyMebibytesPerSecond();
        Optional<CopyLimit> limit = CopyLimit.under(
                copyMebibytes == 0 ? OptionalLong.empty() : OptionalLong.of(copyMebibytes << 20),
                config.backup().ceilingBytesPerSecond(),
                COPY_BUFFER_BYTES);
        DiskMirror mirror =
                new DiskMirror(qmp, new MirrorSpec(JOB, config.disk().node(), socket, EXPORT, limit), onFailure);
        return new DiskReplica(log, server, mirror, connectionEnded);
    }

    private static NbdListener connectionListener(AtomicBoolean connectionEnded, MirrorListener onFailure) {
        return new NbdListener() {
            @Override
            public void onDisconnected(String reason) {
                LOG.info("NBD connection ended: {}", reason);
                connectionEnded.set(true);
            }

            @Override
            public void onEpochFull(String reason) {
                onFailure.onDiskUnprotected(reason);
            }
        };
    }

    /** Where the epoch is full the mirror fails by that, and knows no reason. */
    private static MirrorListener firstOnly(MirrorListener listener) {
        AtomicBoolean told = new AtomicBoolean();
        return reason -> {
            if (!told.getAndSet(true)) {
                listener.onDiskUnprotected(reason);
            }
        };
    }

    /** A worker that was killed leaves its mirror in QEMU: a job, which fails with its server, and the job's target. */
    private static void removeLeftovers(QmpCalls qmp) {
        tryCommand(qmp, "block-job-cancel", Map.of("device", JOB, "force", true));
        tryCommand(qmp, "blockdev-del", Map.of("node-name", TARGET));
    }

    private static void tryCommand(QmpCalls qmp, String command, Map<String, ?> arguments) {
        try {
            qmp.execute(command, arguments);
            LOG.info("{}: removed what an earlier worker left", command);
        } catch (IOException e) {
            LOG.debug("nothing to remove: {}", e.getMessage());
        }
    }

    @Override
    public void begin() throws IOException {
        mirror.start();
        try {
            if (!mirror.awaitReady(COPY_STANDSTILL_MILLIS)) {
                throw new IOException("the disk's full copy did not succeed: mirror is " + mirror.state());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the disk was copied", e);
        }
    }

    /** Takes an event of QEMU's. */
    void onQemuEvent(String name, JsonNode data) {
        mirror.onEvent(name, data);
    }

    DiskCounters counters() {
        return () -> {
            WriteCounts now = log.counters();
            return new DiskCounters.Disk(now.writes(), now.writeBytes(), now.flushes(), now.inFlight());
        };
    }

    @Override
    public void cut(long epoch) throws IOException {
        // QEMU's event of a failed job comes later than the failure, and what was written in between is not in the log.
        if (connectionEnded.get() || mirror.state() != MirrorState.READY) {
            throw new IOException("the disk's mirror is " + mirror.state() + " and its connection "
                    + (connectionEnded.get() ? "has ended" : "is open") + " at the cut of epoch " + epoch
                    + ": writes of the guest may be missing from it");
        }
        int inFlight = log.cut(epoch);
        if (inFlight > 0) {
            throw new IllegalStateException(inFlight + " disk requests are under way at the cut of epoch " + epoch
                    + ", although QEMU drains its disks before it says that the guest is paused");
        }
    }

    @Override
    public long bytesOf(long epoch) {
        EpochTotals last = log.lastCut();
        if (last.epoch() != epoch) {
            throw new IllegalStateException("the disk's epoch " + last.epoch() + " was cut last, not " + epoch);
        }
        return last.bytes();
    }

    /**
     * Has QEMU wait for no write of the mirror's any more, which fails by that; does not wait. A guest that is to be paused has QEMU
     * drain its disks first, and nothing else is heard by it until then: not even that the guest is to run on.
     */
    void abort() {
        try {
            server.disconnect();
        } catch (IOException e) {
            LOG.debug("closing the NBD connection", e);
        }
    }

    /** Ends the mirror and the server; the guest's own disk goes on. */
    @Override
    public void close() {
        try {
            mirror.close();
        } catch (IOException e) {
            LOG.warn("QEMU keeps the disk's mirror: {}", e.getMessage());
        }
        try {
            server.close();
        } catch (IOException e) {
            LOG.debug("closing the NBD server", e);
        }
    }
}
