package io.lull.worker.primary;

import io.lull.policy.ReplicationEvent;
import io.lull.policy.VmId;
import io.lull.policy.signal.EpochReport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what happens to a VM's protection: to the log, to the events topic, to the status. From any thread. */
final class Announcer implements SessionTurns {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    private final VmId vm;
    private final String hostId;
    private final Reporting reporting;
    private final Current<OpenEpoch> open;
    private final LongSupplier wallMicros;
    private final Protection protection;
    private final Totals totals = new Totals();

    Announcer(VmId vm, String hostId, Reporting reporting, Current<OpenEpoch> open, LongSupplier wallMicros) {
        this.vm = vm;
        this.hostId = hostId;
        this.reporting = reporting;
        this.open = open;
        this.wallMicros = wallMicros;
        this.protection = new Protection(vm);
    }

    VmId vm() {
        return vm;
    }

    Protection protection() {
        return protection;
    }

    Totals totals() {
        return totals;
    }

    void event(ReplicationEvent.Kind kind, String detail) {
        event(kind, open.get().number(), detail);
    }

    private void event(ReplicationEvent.Kind kind, long openEpoch, String detail) {
        LOG.info("vm {}: {}: {}", vm, kind, detail);
        reporting.event(new ReplicationEvent(vm, hostId, kind, wallMicros.getAsLong(), openEpoch, detail));
    }

    /** Nothing more comes after this. */
    void ended(ReplicationEvent.Kind kind, String detail) {
        protection.transition(SessionState.ENDED, detail);
        event(kind, detail);
    }

    /** A session came to nothing or to an end; said once for each loss. */
    void lost(String reason, String consequence) {
        Protection.Loss loss = protection.lost(reason);
        if (loss == Protection.Loss.AGAIN) {
            return;
        }
        String detail = reason + "; " + consequence;
        if (loss == Protection.Loss.OF_PROTECTION) {
            event(ReplicationEvent.Kind.BACKUP_LOST, detail);
        }
        event(ReplicationEvent.Kind.UNPROTECTED, detail);
    }

    @Override
    public void isProtected(long epoch) {
        String detail = "epoch " + epoch + " is committed on the backup";
        protection.transition(SessionState.PROTECTED, detail);
        // Later epochs may be open by now; what a reader needs is where protection began.
        event(ReplicationEvent.Kind.PROTECTED, epoch + 1, detail);
    }

    @Override
    public void committed(EpochReport report) {
        totals.add(report);
        reporting.report(report);
    }

    @Override
    public void verifyFailed(long epoch, String detail) {
        event(ReplicationEvent.Kind.VERIFY_FAILED, "after epoch " + epoch + ": " + detail + "; resyncing");
    }

    @Override
    public void diskFailed(String reason) {
        event(ReplicationEvent.Kind.DISK_UNPROTECTED, reason);
    }

    @Override
    public void copied(long pages, long wireBytes) {
        event(ReplicationEvent.Kind.ARMED, "initial copy: " + pages + " pages, " + wireBytes + " bytes sent");
    }
}
