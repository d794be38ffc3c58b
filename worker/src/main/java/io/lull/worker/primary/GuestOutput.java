package io.lull.worker.primary;

import io.lull.worker.config.FenceChoice;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.output.FrameTap;
import io.lull.worker.output.GateConfig;
import io.lull.worker.output.GateInstaller;
import io.lull.worker.output.GateListener;
import io.lull.worker.output.GatePlacement;
import io.lull.worker.output.GateSockets;
import io.lull.worker.output.OutputGate;
import io.lull.worker.qemu.QmpCalls;
import io.lull.worker.watchdog.Watchdog;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gate as it is put into a running VM and taken out of it again. */
final class GuestOutput {
    private static final Logger LOG = LoggerFactory.getLogger(GuestOutput.class);
    private static final long DRAIN_LIMIT_NANOS = 1_000_000_000L;

    private final GateInstaller installer;
    private final OutputGate gate;
    private final boolean first;

    /**
     * What a gate is tied to.
     *
     * @param tap sees each frame
     * @param watchdog frees a guest that a dead worker has stopped
     * @param onLost told when the gate can't do its work any more
     */
    record Ties(FrameTap tap, Optional<Watchdog> watchdog, GateListener onLost) {}

    private GuestOutput(GateInstaller installer, OutputGate gate, boolean first) {
        this.installer = installer;
        this.gate = gate;
        this.first = first;
    }

    /**
     * Puts the gate in. Where an earlier worker left one, the guest stands still for a moment, so that no frame slips by
     * between the two.
     *
     * <p>Output passes until the first checkpoint, where there is a fence once that grants it, unless a gate was found that an earlier worker left: then the VM was
     * protected, its backup may have taken over meanwhile, and nothing may leave before a backup has accepted this
     * worker.
     */
    static GuestOutput install(PrimaryConfig config, QmpCalls qmp, Ties ties, LongSupplier nanoClock)
            throws IOException {
        GatePlacement placement = new GatePlacement(
                "lull",
                config.network().netdev(),
                new GateSockets(
                        config.socket("gate-out.sock"),
                        config.socket("gate-in.sock"),
                        Optional.of(config.socket("gate-mirror.sock"))),
                true);
        GateInstaller installer = new GateInstaller(qmp, placement);
        boolean left = installer.hasLeftovers();
        boolean stop =
                left && qmp.execute("query-status", Map.of()).path("running").asBoolean();
        try {
            if (stop) {
                // Said first: whoever dies in between leaves the guest to the watchdog.
                ties.watchdog().ifPresent(Watchdog::guestStops);
                qmp.execute("stop", Map.of());
            }
            installer.removeLeftovers();
            OutputGate gate = installer.install(sockets -> OutputGate.connect(
                    sockets,
                    new GateConfig(placement.vnetHeader(), config.network().maxHeldBytes()),
                    ties.onLost(),
                    ties.tap(),
                    nanoClock));
            if (left) {
                LOG.warn("an earlier worker left its gate in this VM: output is held until a backup accepts us");
            } else if (config.fence() == FenceChoice.NONE) {
                gate.passThrough(true);
            }
            return new GuestOutput(installer, gate, !left);
        } catch (IOException e) {
            throw new IOException(
                    "no output gate can be put into netdev '" + config.network().netdev()
                            + "' (network.netdev must be the id of the VM's -netdev): " + e.getMessage(),
                    e);
        } finally {
            if (stop) {
                qmp.execute("cont", Map.of());
                ties.watchdog().ifPresent(Watchdog::guestRuns);
            }
        }
    }

    OutputGate gate() {
        return gate;
    }

    /** Whether no gate was found that an earlier worker left: nobody has held this VM's output. */
    boolean isFirst() {
        return first;
    }

    /** Lets everything go and takes the gate out. */
    void letGo() {
        try {
            gate.passThrough(true);
            gate.awaitDrained(DRAIN_LIMIT_NANOS);
            installer.remove();
        } catch (IOException e) {
            LOG.warn("the gate could not be taken out: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            gate.close();
        }
    }

    /** Leaves the gate's parts in QEMU with nobody behind them: what the guest sends is dropped there. */
    void cutOff() {
        gate.close();
    }
}
