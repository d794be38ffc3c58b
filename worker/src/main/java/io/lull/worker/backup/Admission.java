package io.lull.worker.backup;

import io.lull.policy.VmId;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.RefusalReason;
import io.lull.worker.protocol.Refused;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Decides which connection is the one session. */
final class Admission {
    private final VmId vm;
    private final OptionalLong diskBytes;
    private final Supplier<Optional<Refused>> takeover;
    private final Supplier<Optional<String>> broken;
    private final Supplier<Optional<String>> diskInUse;
    private final boolean asksFence;
    private Optional<BackupSession> current = Optional.empty();

    /**
     * Nobody is admitted yet.
     *
     * @param diskBytes size of the disk image, empty without one
     * @param takeover what a takeover makes of every primary, empty while there is none
     * @param broken why nothing may be built on the image, empty while all is well
     * @param diskInUse who else writes to the disk's copy, empty while nobody does
     * @param asksFence whether this backup asks a fence that its primary can see
     */
    Admission(
            VmId vm,
            OptionalLong diskBytes,
            Supplier<Optional<Refused>> takeover,
            Supplier<Optional<String>> broken,
            Supplier<Optional<String>> diskInUse,
            boolean asksFence) {
        this.vm = vm;
        this.diskBytes = diskBytes;
        this.takeover = takeover;
        this.broken = broken;
        this.diskInUse = diskInUse;
        this.asksFence = asksFence;
    }

    synchronized Optional<Refused> admit(BackupSession session, Hello hello) {
        if (!hello.vmId().equals(vm)) {
            return refuse(RefusalReason.OTHER_VM, "this backup is for VM " + vm + ", not " + hello.vmId());
        }
        if (asksFence != (hello.onBackupLoss() == OnBackupLoss.ASK_FENCE)) {
            return refuse(
                    RefusalReason.FENCE,
                    "this backup " + (asksFence ? "asks the fence in Kafka" : "asks no fence") + " and its primary "
                            + (asksFence ? "asks none" : "asks the one in Kafka")
                            + "; give both configurations the same fence");
        }
        Optional<Refused> takenOver = takeover.get();
        if (takenOver.isPresent()) {
            return takenOver;
        }
        Optional<String> fault = broken.get();
        if (fault.isPresent()) {
            return refuse(RefusalReason.BROKEN, "this backup is broken: " + fault.get());
        }
        if (hello.diskBytes() != diskBytes.orElse(0)) {
            return refuse(
                    RefusalReason.DISK_SIZE,
                    "the primary's disk has " + hello.diskBytes() + " bytes, the backup's image " + diskBytes.orElse(0)
                            + "; create it in the same size");
        }
        Optional<String> writer = diskInUse.get();
        if (writer.isPresent()) {
            return refuse(RefusalReason.BUSY, writer.get());
        }
        if (current.isPresent()) {
            return refuse(RefusalReason.BUSY, "a session with " + current.get().peer() + " is open");
        }
        current = Optional.of(session);
        return Optional.empty();
    }

    private static Optional<Refused> refuse(RefusalReason reason, String text) {
        return Optional.of(Refused.saying(reason, text));
    }

    synchronized void leave(BackupSession session) {
        if (current.isPresent() && current.get().equals(session)) {
            current = Optional.empty();
        }
    }

    /** The session that is open; once a takeover is decided, none is opened after this call. */
    synchronized Optional<BackupSession> current() {
        return current;
    }
}
