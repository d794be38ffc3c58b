package io.lull.worker.backup;

import io.lull.policy.VmId;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.RefusalReason;
import io.lull.worker.protocol.Refused;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Decides which connection is the one session. */
final class Admission {
    private final VmId vm;
    private final OptionalLong diskBytes;
    private final Supplier<Optional<String>> broken;
    private Optional<BackupSession> current = Optional.empty();
    private boolean failedOver;

    /**
     * Nobody is admitted yet.
     *
     * @param diskBytes size of the disk image, empty without one
     * @param broken why nothing may be built on the image, empty while all is well
     */
    Admission(VmId vm, OptionalLong diskBytes, Supplier<Optional<String>> broken) {
        this.vm = vm;
        this.diskBytes = diskBytes;
        this.broken = broken;
    }

    synchronized Optional<Refused> admit(BackupSession session, Hello hello) {
        if (failedOver) {
            return refuse(RefusalReason.FAILED_OVER, "this host has taken the VM over; stop the old one");
        }
        if (!hello.vmId().equals(vm)) {
            return refuse(RefusalReason.OTHER_VM, "this backup is for VM " + vm + ", not " + hello.vmId());
        }
        if (broken.get().isPresent()) {
            return refuse(RefusalReason.BROKEN, "this backup is broken; see its log, make room and restart it");
        }
        if (hello.diskBytes() != diskBytes.orElse(0)) {
            return refuse(
                    RefusalReason.DISK_SIZE,
                    "the primary's disk has " + hello.diskBytes() + " bytes, the backup's image " + diskBytes.orElse(0)
                            + "; create it in the same size");
        }
        if (current.isPresent()) {
            return refuse(RefusalReason.BUSY, "a session with " + current.get().peer() + " is open");
        }
        current = Optional.of(session);
        return Optional.empty();
    }

    private static Optional<Refused> refuse(RefusalReason reason, String text) {
        return Optional.of(new Refused(reason, text));
    }

    synchronized void leave(BackupSession session) {
        if (current.isPresent() && current.get().equals(session)) {
            current = Optional.empty();
        }
    }

    /** Admits nobody any more; the session that is still open must be closed by the caller. */
    synchronized Optional<BackupSession> closeForFailover() {
        failedOver = true;
        return current;
    }

    synchronized Optional<BackupSession> current() {
        return current;
    }
}
