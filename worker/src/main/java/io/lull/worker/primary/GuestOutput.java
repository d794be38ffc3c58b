package io.lull.worker.primary;

import io.lull.worker.config.FenceChoice;
import io.lull.worker.config.GateChoice;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.output.EarlierGates;
import io.lull.worker.output.FilterBuffers;
import io.lull.worker.output.FrameTap;
import io.lull.worker.output.GateConfig;
import io.lull.worker.output.GateInstaller;
import io.lull.worker.output.GateListener;
import io.lull.worker.output.GatePlacement;
import io.lull.worker.output.GateSockets;
import io.lull.worker.output.OutputGate;
import io.lull.worker.output.PlacedGate;
import io.lull.worker.output.PlugQueue;
import io.lull.worker.output.RedirectorGate;
import io.lull.worker.qemu.PausedFrames;
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

    private final PlacedGate placed;
    private final boolean first;

    /**
     * What a gate is tied to.
     *
     * @param tap sees each frame
     * @param onLost told when the gate can't do its work any more
     */
    record Ties(FrameTap tap, GateListener onLost) {}

    private GuestOutput(PlacedGate placed, boolean first) {
        this.placed = placed;
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
            boolean first = !earlier.any() && !plugsAreLeft(config);
            PlacedGate placed = place(config, qmp, earlier.freeNumber(), ties, nanoClock);
            if (!first) {
                replace(earlier, config, qmp, placed.gate());
            } else if (config.fence() == FenceChoice.NONE) {
                placed.gate().passThrough();
            }
            return new GuestOutput(placed, first);
        } catch (IOException e) {
            throw new IOException(
                    "no output gate can be put into netdev '" + config.network().netdev()
                            + "' (network.netdev must be the id of the VM's -netdev): " + e.getMessage(),
                    e);
        }
    }

    private static boolean plugsAreLeft(PrimaryConfig config) throws IOException {
        return config.network().gate() == GateChoice.PLUG
                && PlugQueue.isLeft(config.network().plugPlace());
    }

    private static PlacedGate place(PrimaryConfig config, QmpCalls qmp, int number, Ties ties, LongSupplier nanoClock)
            throws IOException {
        if (!config.network().gate().seesFrames()) {
            LOG.warn(
                    "this network.gate sees no frames: neither idle slots nor connections nor dropped frames are known, and a plan"
                            + " that goes by output gives way to the safe interval of {} ms",
                    config.limits().safeIntervalMillis());
        }
        return switch (config.network().gate()) {
            case REDIRECTOR -> redirector(config, qmp, placement(config, number), ties, nanoClock);
            case FILTER_BUFFER ->
                FilterBuffers.place(
                        qmp,
                        GatePlacement.prefix(NAME, number),
                        config.network().netdev(),
                        ties.onLost());
            case PLUG -> PlugQueue.place(config.network().plugPlace(), ties.onLost());
        };
    }

    private static PlacedGate redirector(
            PrimaryConfig config, QmpCalls qmp, GatePlacement placement, Ties ties, LongSupplier nanoClock)
            throws IOException {
        GateInstaller installer = new GateInstaller(qmp, placement);
        OutputGate gate = installer.install(sockets -> RedirectorGate.connect(
                sockets,
                new GateConfig(placement.vnetHeader(), config.network().maxHeldBytes()),
                ties.onLost(),
                ties.tap(),
                nanoClock));
        return new PlacedGate(gate, installer::remove);
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

    private static void replace(EarlierGates earlier, PrimaryConfig config, QmpCalls qmp, OutputGate gate)
            throws IOException {
        LOG.warn("an earlier worker left its gate in this VM: output is held until a backup accepts us");
        try {
            earlier.remove(config.network().netdev());
            // The worker before may have died while it had the guest disconnected.
            new PausedFrames(config.network().heldNetdev()).connect(qmp);
        } catch (IOException e) {
            // Both stay in QEMU, with nobody behind them: taken out, ours could let out what the other no longer drops.
            gate.close();
            throw e;
        }
    }

    OutputGate gate() {
        return placed.gate();
    }

    /** Whether no gate was found that an earlier worker left: nobody has held this VM's output. */
    boolean isFirst() {
        return first;
    }

    /** Lets everything go and takes the gate out. */
    void letGo() {
        try {
            gate().passThrough();
            gate().awaitDrained(DRAIN_LIMIT_NANOS);
            placed.remove();
        } catch (IOException e) {
            LOG.warn("the gate could not be taken out: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            gate().close();
        }
    }

    /** Leaves the gate's parts in QEMU with nobody behind them: what the guest sends is dropped there. */
    void cutOff() {
        gate().close();
    }
}
