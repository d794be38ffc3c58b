package io.lull.worker.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.VmId;
import io.lull.worker.backup.BackupListener;
import io.lull.worker.backup.CommittedImage;
import io.lull.worker.backup.Failover;
import io.lull.worker.backup.FailoverReport;
import io.lull.worker.backup.HotStandby;
import io.lull.worker.backup.Received;
import io.lull.worker.config.BackupConfig;
import io.lull.worker.page.PageMemory;
import io.lull.worker.primary.Reporting;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.LossKind;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what happens in a backup into events, and sums up what it received, as the backup itself counted it. */
final class Reported implements BackupListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reported.class);

    private final BackupConfig config;
    private final Reporting reporting;
    private long epoch;
    private long receivedBytes;
    private long receivedPageBytes;
    private Optional<FailoverReport> failover = Optional.empty();

    Reported(BackupConfig config, Reporting reporting) {
        this.config = config;
        this.reporting = reporting;
    }

    @Override
    public void sessionOpened(Hello hello) {
        event(ReplicationEvent.Kind.BACKUP_BACK, "primary " + hello.hostId() + " connected");
    }

    @Override
    public void sessionLost(LossKind kind, String why) {
        LOG.info("session lost: {} {}", kind, why);
    }

    @Override
    public synchronized void committed(long committed, Received received, CommittedImage image) {
        epoch = committed;
        receivedBytes += received.frameBytes();
        receivedPageBytes += received.pages() * PageMemory.PAGE_BYTES;
    }

    @Override
    public void standby(HotStandby.State state, String why) {
        LOG.info("standby {}: {}", state, why);
    }

    @Override
    public void failover(Failover.State state, String why) {
        LOG.info("failover {}: {}", state, why);
        if (state == Failover.State.UNDECIDED || state == Failover.State.STANDBY) {
            event(ReplicationEvent.Kind.LEASE_LOST, "no takeover: " + why);
        }
    }

    /** The end of a takeover, good or bad. */
    void takenOver(@Nullable FailoverReport report, @Nullable Throwable failure) {
        if (report != null) {
            synchronized (this) {
                failover = Optional.of(report);
            }
            event(
                    ReplicationEvent.Kind.FAILOVER,
                    "the VM runs here from epoch " + report.epoch() + ", " + report.decisionToResumeNanos() / 1_000_000
                            + " ms after the decision: " + report.reason());
        } else if (failure != null) {
            event(ReplicationEvent.Kind.UNPROTECTED, "takeover failed: " + failure.getMessage());
        }
    }

    /** Adds what was counted to the status document. */
    synchronized void addTo(ObjectNode json) {
        json.put("receivedBytes", receivedBytes);
        json.put("receivedPageBytes", receivedPageBytes);
        failover.ifPresent(report -> {
            json.put("takeoverEpoch", report.epoch())
                    .put("takeoverHot", report.hot())
                    .put("takeoverNanos", report.decisionToResumeNanos());
            report.fenceNanos().ifPresent(nanos -> json.put("takeoverFenceNanos", nanos));
        });
    }

    private synchronized void event(ReplicationEvent.Kind kind, String detail) {
        Instant now = Instant.now();
        reporting.event(new ReplicationEvent(
                new VmId(config.vm()),
                config.host(),
                kind,
                now.getEpochSecond() * 1_000_000 + now.getNano() / 1000,
                epoch,
                detail));
    }

    @Override
    public void close() {
        event(ReplicationEvent.Kind.SHUTDOWN, "the backup worker ends");
    }
}
