package io.lull.bench.faults.scene;

import io.lull.bench.faults.plan.PlannedFault;
import io.lull.local.FlakyLink;
import io.lull.local.LocalStack;
import io.lull.local.ManagedProcess;
import java.io.IOException;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicLong;

/** Does harm to a scene, and takes it back. */
public final class Injector implements AutoCloseable {
    private static final Step NOTHING = () -> {};

    private final Scene scene;
    private final SignalHand hand;

    public Injector(Scene scene) throws IOException {
        this.scene = scene;
        this.hand = new SignalHand();
    }

    /** Something that is done to the scene. */
    public interface Step {
        void now() throws IOException;
    }

    /**
     * A fault that can fall at any moment.
     *
     * @param strike does the harm, at once: what takes time was done before, and is done by {@code mend}
     * @param mend takes back what is to be taken back
     */
    public record Harm(Step strike, Step mend) {}

    /** Gets it ready. */
    public Harm prepare(PlannedFault fault) throws IOException {
        LocalStack stack = scene.stack();
        return switch (fault.kind()) {
            case QEMU_KILLED -> killed(stack.qemu(), NOTHING);
            case QEMU_STOPPED -> qemuStopped(stack.qemu());
            case PRIMARY_KILLED -> killed(stack.primaryWorker(), NOTHING);
            case PRIMARY_STOPPED -> stopped(stack.primaryWorker());
            case BACKUP_KILLED -> killed(stack.backupWorker(), NOTHING);
            case BACKUP_STOPPED -> stopped(stack.backupWorker());
            case STANDBY_KILLED -> new Harm(signal("KILL", new Seat()), NOTHING);
            case STANDBY_STOPPED -> standbyStopped(new Seat());
            case BROKER_KILLED -> killed(scene.control().broker(), scene.control()::restartBroker);
            case JOB_KILLED -> killed(scene.control().job(), scene.control()::restartJob);
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

    private Harm killed(ManagedProcess process, Step then) {
        process.rememberChildren();
        return new Harm(() -> hand.send("KILL", process.handle()), () -> {
            // It is gone, or just about to be.
            process.kill();
            then.now();
        });
    }

    private Harm stopped(ManagedProcess process) {
        return new Harm(() -> hand.send("STOP", process.handle()), () -> hand.send("CONT", process.handle()));
    }

    private Harm qemuStopped(ManagedProcess qemu) {
        Harm harm = stopped(qemu);
        AtomicLong sinceNanos = new AtomicLong();
        return new Harm(
                () -> {
                    sinceNanos.set(System.nanoTime());
                    harm.strike().now();
                },
                () -> {
                    harm.mend().now();
                    scene.watch().excuse(sinceNanos.get());
                });
    }

    /** Where the standby is; the backup may have started another before the fault falls. */
    private final class Seat {
        private ProcessHandle there = standby();

        private Seat() throws IOException {}

        private ProcessHandle look() throws IOException {
            if (!there.isAlive()) {
                there = standby();
            }
            return there;
        }
    }

    private Step signal(String name, Seat seat) {
        return () -> hand.send(name, seat.look());
    }

    private Harm standbyStopped(Seat seat) {
        return new Harm(signal("STOP", seat), () -> hand.send("CONT", seat.there));
    }

    /** The youngest of the backup's own QEMU processes. */
    private ProcessHandle standby() throws IOException {
        return scene.stack().backupWorker().descendants().stream()
                .filter(each -> each.info().command().orElse("").contains("qemu-system"))
                .max(Comparator.comparingLong(ProcessHandle::pid))
                .orElseThrow(() -> new IOException("the backup has no standby"));
    }

    private Harm link(FlakyLink.Manner manner) {
        return new Harm(() -> scene.link().behave(manner), () -> scene.link().behave(FlakyLink.Manner.GOOD));
    }

    /** Nobody puts it right: what comes after has to live with it. */
    private static Harm jumped(ShiftedClock clock, PlannedFault fault) {
        return new Harm(() -> clock.setOffBy(fault.jumpMillis()), NOTHING);
    }

    private static Harm full(SmallMemory room) {
        return new Harm(room::fill, room::free);
    }

    @Override
    public void close() throws IOException {
        hand.close();
    }
}
