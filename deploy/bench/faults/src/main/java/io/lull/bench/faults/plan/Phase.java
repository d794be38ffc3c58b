package io.lull.bench.faults.plan;

/** The part of an epoch in which a fault is to fall. */
public enum Phase {
    /** The guest is stopped and its pages are read: from QEMU's STOP on. */
    PAUSE(3_000),
    /** The guest runs again, and its checkpoint is on its way to the backup: from RESUME on. */
    COMMIT(2_000),
    /** Later in the epoch. */
    RUN(20_000);

    private final int spreadMicros;

    Phase(int spreadMicros) {
        this.spreadMicros = spreadMicros;
    }

    /** A fault is aimed at up to this long after the phase's first event. */
    public int spreadMicros() {
        return spreadMicros;
    }
}
