package io.lull.worker.primary;

import io.lull.worker.config.FenceChoice;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.output.EarlierGates;
import io.lull.worker.output.FrameTap;
import io.lull.worker.output.GateConfig;
import io.lull.worker.output.GateInstaller;
import io.lull.worker.output.GateListener;
import io.lull.worker.output.GatePlacement;
import io.lull.worker.output.GateSockets;
import io.lull.worker.output.OutputGate;
import io.lull.worker.qemu.QmpCalls;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gate as it is put into a running VM and taken out of it again. */
final class GuestOutput {
    private static final Logger LOG = LoggerFactory.getLogger(GuestOutput.class);
    /** The ids of all parts of a gate in QEMU begin with it. */
    private static final String NAME = "lull";

    private static final long DRAIN_LIMIT_NANOS = 1_000_000_000L;

    private final GateInstaller installer;
    private final OutputGate gate;
    private final boolean first;

    /**
     * What a gate is tied to.
     *
     * @param tap sees each frame
     * @param onLost told when the gate can't do its work any more
     */
    record Ties(FrameTap tap, GateListener onLost) {}

    private GuestOutput(GateInstaller installer, OutputGate gate, boolean first) {
        this.installer = installer;
        this.gate = gate;
        this.first = first;
    }

    /**
     * Puts the gate in, and then takes out those that earlier workers left.
     *
     * <p>Output passes until the first checkpoint, where there is a fence once that grants it, unless a gate was found that an
     * earlier worker left: then the VM was protected, its backup may have taken over meanwhile, and nothing may leave before a
     * backup has accepted this worker. Should this fail, such a VM stays mute.
     */
    static GuestOutput install(PrimaryConfig config, QmpCalls qmp, Ties ties, LongSupplier nanoClock)
            throws IOException {
        try {
            EarlierGates earlier = EarlierGates.find(qmp, NAME);
            GatePlacement placement = placement(config, earlier.freeNumber());
            GateInstaller installer = new GateInstaller(qmp, placement);
            OutputGate gate = installer.install(sockets -> OutputGate.connect(
                    sockets,
                    new GateConfig(placement.vnetHeader(), config.network().maxHeldBytes()),
                    ties.onLost(),
                    ties.tap(),
                    nanoClock));
            if (earlier.any()) {
                replace(earlier, gate);
            } else if (config.fence() == FenceChoice.NONE) {
                gate.passThrough(true);
            }
            return new GuestOutput(installer, gate, !earlier.any());
        } catch (IOException e) {
            throw new IOException(
                    "no output gate can be put into netdev '" + config.network().netdev()
                            + "' (network.netdev must be the id of the VM's -netdev): " + e.getMessage(),
                    e);
        }
    }

    private static GatePlacement placement(PrimaryConfig config, int number) {
        return new GatePlacement(
                GatePlacement.prefix(NAME, number),
                config.network().netdev(),
                new GateSockets(
                        config.socket("gate" + number + "-out.sock"),
                        config.socket("gate" + number + "-in.sock"),
                        Optional.of(config.socket("gate" + number + "-mirror.sock"))),
                true);
    }

    private static void replace(EarlierGates earlier, OutputGate gate) throws IOException {
        LOG.warn("an earlier worker left its gate in this VM: output is held until a backup accepts us");
        try {
            earlier.remove();
        } catch (IOException e) {
            // Both stay in QEMU, with nobody behind them: taken out, ours could let out what the other no longer drops.
            gate.close();
            throw e;
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
