package io.lull.bench.faults.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be done to a protected VM, and for how long. */
public enum FaultKind {
    /** SIGKILL to the VM's QEMU. */
    QEMU_KILLED(0, 0),
    /** SIGSTOP to the VM's QEMU, SIGCONT after a while. */
    QEMU_STOPPED(100, 4_000),
    /** SIGKILL to the primary worker, which whoever supervises it starts again. */
    PRIMARY_KILLED(300, 2_000),
    /** SIGSTOP to the primary worker; when it goes on, its VM may run elsewhere. */
    PRIMARY_STOPPED(100, 5_000),
    /** SIGKILL to the backup worker, which is started again. */
    BACKUP_KILLED(300, 2_000),
    /** SIGSTOP to the backup worker. */
    BACKUP_STOPPED(100, 5_000),
    /** SIGKILL to the standby's QEMU. */
    STANDBY_KILLED(0, 0),
    /** SIGSTOP to the standby's QEMU. */
    STANDBY_STOPPED(100, 4_000),
    /** SIGKILL to the Kafka broker, which is started again. */
    BROKER_KILLED(300, 4_000),
    /** SIGKILL to Flink with the job, which is started again. */
    JOB_KILLED(300, 2_000),
    /** The connections between primary and backup are reset, new ones too for a while. */
    LINK_CUT(0, 3_000),
    /** Connections stay and nothing comes through; what waited comes later. */
    LINK_SILENT(100, 5_000),
    /** The link carries little. */
    LINK_SLOW(1_000, 4_000),
    /** A byte of the link is another. */
    LINK_CORRUPTED(0, 0),
    /** No room where the backup keeps image and redo logs. */
    BACKUP_FULL(200, 3_000),
    /** No room for the VM's own disk file: QEMU stops the guest at the first write that needs some. */
    DISK_FULL(200, 3_000),
    /** The wall clock of the primary's host jumps, and stays where it is; here and below: looked at so much later. */
    PRIMARY_CLOCK(200, 2_000),
    /** The same of the backup's host. */
    BACKUP_CLOCK(200, 2_000),
    /** The same of the Kafka broker's. */
    BROKER_CLOCK(200, 2_000),
    /** The same of Flink's. */
    JOB_CLOCK(200, 2_000);

    private final int leastMillis;
    private final int mostMillis;

    FaultKind(int leastMillis, int mostMillis) {
        this.leastMillis = leastMillis;
        this.mostMillis = mostMillis;
    }

    /** The shortest that it lasts. */
    public int leastMillis() {
        return leastMillis;
    }

    /** The longest that it lasts. */
    public int mostMillis() {
        return mostMillis;
    }

    /** Whether a clock jumps. */
    public boolean jumps() {
        return switch (this) {
            case PRIMARY_CLOCK, BACKUP_CLOCK, BROKER_CLOCK, JOB_CLOCK -> true;
            default -> false;
        };
    }

    /** As it is written on a command line: {@code link-cut}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The kind of this label. */
    public static Optional<FaultKind> of(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst();
    }
}
