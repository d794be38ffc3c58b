package io.lull.worker.primary;

import java.util.Optional;
import java.util.function.LongSupplier;

/** Hands one VM over to its backup when an operator says so: one attempt at a time, and one that succeeds. */
final class Handing {
    private final ProtectedVm machine;
    private final OutputKeeper output;
    private final Protection protection;
    private final LongSupplier nanoClock;
    private final Object attempt = new Object();
    private volatile Optional<SwitchoverReport> done = Optional.empty();
    private volatile boolean stopped;

    Handing(ProtectedVm machine, OutputKeeper output, Protection protection, LongSupplier nanoClock) {
        this.machine = machine;
        this.output = output;
        this.protection = protection;
        this.nanoClock = nanoClock;
    }

    /**
     * Returns when the VM runs on the backup.
     *
     * @throws SwitchoverException when it doesn't, or isn't known to
     */
    SwitchoverReport handOver(Optional<PrimarySession> session, String reason)
            throws SwitchoverException, InterruptedException {
        synchronized (attempt) {
            Optional<PrimarySession> now = session.filter(PrimarySession::isProtected);
            if (now.isEmpty() || done.isPresent()) {
                throw new SwitchoverException("no switchover: the VM is not protected, it is " + protection.state());
            }
            Switchover switchover = new Switchover(now.get(), held(), nanoClock, () -> !stopped);
            return switchover.carryOut(reason, report -> done = Optional.of(report));
        }
    }

    private Switchover.Vm held() {
        return new Switchover.Vm() {
            @Override
            public void bar() {
                machine.bar();
            }

            @Override
            public void unbar() {
                machine.unbar();
            }

            @Override
            public Optional<Boolean> takeBack(String reason, long limitMillis) throws InterruptedException {
                return output.takeBack(reason, limitMillis);
            }
        };
    }

    /** How it went, as soon as the VM runs on the backup. */
    Optional<SwitchoverReport> done() {
        return done;
    }

    /** The worker ends: a fence that is silent is asked no more. */
    void stop() {
        stopped = true;
    }
}
