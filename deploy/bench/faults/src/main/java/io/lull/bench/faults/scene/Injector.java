package io.lull.bench.faults.scene;

import io.lull.bench.faults.plan.PlannedFault;
import io.lull.local.FlakyLink;
import io.lull.local.LocalStack;
import io.lull.local.ManagedProcess;
import java.io.IOException;
import java.util.Comparator;

/** Does harm to a scene, and takes it back. */
public final class Injector {
    private static final Mend NOTHING = () -> {};

    private final Scene scene;

    public Injector(Scene scene) {
        this.scene = scene;
    }

    /** Takes a fault back. */
    public interface Mend {
        void now() throws IOException;
    }

    /** Does it now. */
    public Mend inject(PlannedFault fault) throws IOException {
        LocalStack stack = scene.stack();
        return switch (fault.kind()) {
            case QEMU_KILLED -> killed(stack.qemu());
            case QEMU_STOPPED -> stopQemu(stack.qemu());
            case PRIMARY_KILLED -> killed(stack.primaryWorker());
            case PRIMARY_STOPPED -> stopped(stack.primaryWorker());
            case BACKUP_KILLED -> killed(stack.backupWorker());
            case BACKUP_STOPPED -> stopped(stack.backupWorker());
            case STANDBY_KILLED -> killed(standby());
            case STANDBY_STOPPED -> stopped(standby());
            case BROKER_KILLED -> brokerKilled();
            case JOB_KILLED -> jobKilled();
            case LINK_CUT -> link(FlakyLink.Manner.CUT);
            case LINK_SILENT -> link(FlakyLink.Manner.SILENT);
            case LINK_SLOW -> link(FlakyLink.Manner.SLOW);
            case LINK_CORRUPTED -> link(FlakyLink.Manner.CORRUPTING);
            case BACKUP_FULL -> full(scene.memory());
            case DISK_FULL -> full(scene.disk());
            case PRIMARY_CLOCK -> jumped(scene.clocks().primary(), fault);
            case BACKUP_CLOCK -> jumped(scene.clocks().backup(), fault);
            case BROKER_CLOCK -> jumped(scene.control().brokerClock(), fault);
            case JOB_CLOCK -> jumped(scene.control().jobClock(), fault);
        };
    }

    private static Mend killed(ManagedProcess process) {
        process.kill();
        return NOTHING;
    }

    private static Mend killed(ProcessHandle process) {
        process.destroyForcibly();
        return NOTHING;
    }

    private static Mend stopped(ManagedProcess process) throws IOException {
        process.signal("STOP");
        return () -> process.signal("CONT");
    }

    private static Mend stopped(ProcessHandle process) throws IOException {
        ManagedProcess.signal(process, "STOP");
        return () -> ManagedProcess.signal(process, "CONT");
    }

    private Mend stopQemu(ManagedProcess qemu) throws IOException {
        long sinceNanos = System.nanoTime();
        Mend cont = stopped(qemu);
        return () -> {
            cont.now();
            scene.watch().excuse(sinceNanos);
        };
    }

    /** The youngest of the backup's own QEMU processes. */
    private ProcessHandle standby() throws IOException {
        return scene.stack().backupWorker().descendants().stream()
                .filter(each -> each.info().command().orElse("").contains("qemu-system"))
                .max(Comparator.comparingLong(ProcessHandle::pid))
                .orElseThrow(() -> new IOException("the backup has no standby"));
    }

    private Mend brokerKilled() {
        scene.control().killBroker();
        return scene.control()::restartBroker;
    }

    private Mend jobKilled() {
        scene.control().killJob();
        return scene.control()::restartJob;
    }

    private Mend link(FlakyLink.Manner manner) throws IOException {
        scene.link().behave(manner);
        return () -> scene.link().behave(FlakyLink.Manner.GOOD);
    }

    /** Nobody puts it right: what comes after has to live with it. */
    private static Mend jumped(ShiftedClock clock, PlannedFault fault) throws IOException {
        clock.setOffBy(fault.jumpMillis());
        return NOTHING;
    }

    private static Mend full(SmallMemory room) throws IOException {
        room.fill();
        return room::free;
    }
}
