package io.lull.worker.cli;

import io.lull.worker.config.ConfigException;
import io.lull.worker.fence.Backoff;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The VMs of one process, each on a thread of its own. What becomes of one is its own affair: neither its end nor a failure
 * nor a bug ends another, and one whose start only has to wait is begun again. The process lasts as long as one of them.
 */
final class VmGroup {
    private static final Logger LOG = LoggerFactory.getLogger(VmGroup.class);

    /** A VM's stay in the process. */
    @FunctionalInterface
    interface Life {
        /**
         * Returns at its end in good order, with all that it had open closed.
         *
         * @param stop asked when it is to end
         * @throws AgainException when it is to be begun again, which is done here where it isn't the only one
         */
        void live(Stop stop) throws IOException, ConfigException, InterruptedException;
    }

    private final PrintWriter errors;
    private final List<Vm> vms = new ArrayList<>();
    private final AtomicInteger left = new AtomicInteger();
    private volatile boolean oneFailed;

    private record Vm(String name, Life life, Stop stop) {}

    /** Between a stay that is to be begun again and the next. */
    private static final Backoff BACKOFF = Backoff.DEFAULT;

    /**
     * @param errors is told of each failure when it happens, in one line
     */
    VmGroup(PrintWriter errors) {
        this.errors = errors;
    }

    /** Adds a VM; before {@link #run}. */
    void add(String name, Life life) {
        vms.add(new Vm(name, life, new Stop()));
    }

    /**
     * Runs all VMs until the last of them has ended.
     *
     * @return the exit code: 0 when each ended in good order, 1 when one did not
     * @throws IOException when the only VM failed, as it says itself; so do the others
     */
    int run() throws IOException, ConfigException, InterruptedException {
        if (vms.size() == 1) {
            vms.get(0).life().live(vms.get(0).stop());
            return 0;
        }
        left.set(vms.size());
        List<Thread> threads = new ArrayList<>();
        for (Vm vm : vms) {
            Thread thread = new Thread(() -> live(vm), "lull-vm-" + vm.name());
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return oneFailed ? LullCommand.FAILED : 0;
    }

    private void live(Vm vm) {
        // All threads that begin under this one have it too, so that each line of the log says whose it is.
        MDC.put("vm", vm.name());
        try {
            liveOn(vm);
            LOG.info("vm {} has ended in good order; {} go on", vm.name(), left.decrementAndGet());
        } catch (IOException | ConfigException e) {
            failed(vm, LullCommand.inOneLine(e));
        } catch (InterruptedException e) {
            failed(vm, "interrupted");
        } catch (RuntimeException | Error e) {
            LOG.error("Bug in what protects vm {}; it is given up here", vm.name(), e);
            failed(vm, "bug: " + e);
        }
    }

    /** A process that goes on with other VMs is not started again for one that could not start yet: that is done here. */
    private void liveOn(Vm vm) throws IOException, ConfigException, InterruptedException {
        String said = "";
        long pauseMillis = BACKOFF.firstMillis();
        while (true) {
            try {
                vm.life().live(vm.stop());
                return;
            } catch (AgainException e) {
                String why = LullCommand.inOneLine(e);
                if (!why.equals(said)) {
                    errors.println("lull: vm " + vm.name() + ": " + why + " (begun again until it works)");
                }
                said = why;
            }
            if (vm.stop().await(pauseMillis)) {
                return;
            }
            pauseMillis = BACKOFF.after(pauseMillis);
        }
    }

    private void failed(Vm vm, String why) {
        oneFailed = true;
        errors.println(
                "lull: vm " + vm.name() + ": " + why + " (" + left.decrementAndGet() + " VMs of this process go on)");
    }

    /** Asks all VMs to end; from any thread. */
    void stop() {
        for (Vm vm : vms) {
            try {
                vm.stop().ask();
            } catch (RuntimeException e) {
                LOG.error("Bug in ending vm {}; the others are told too", vm.name(), e);
            }
        }
    }
}
