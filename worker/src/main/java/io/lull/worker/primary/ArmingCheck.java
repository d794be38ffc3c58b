package io.lull.worker.primary;

import io.lull.producer.qemu.Accelerator;
import io.lull.producer.qemu.QemuCheck;
import io.lull.producer.qemu.QemuFacts;
import io.lull.producer.qemu.QemuQueries;
import io.lull.producer.qemu.QmpClient;
import io.lull.producer.qemu.QmpException;
import io.lull.worker.colo.ColoControl;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.config.ShadowKind;
import io.lull.worker.config.SourceChoice;
import io.lull.worker.qemu.DeviceQuery;
import io.lull.worker.qemu.PausedFrames;
import io.lull.worker.qemu.QmpCalls;
import io.lull.worker.qemu.VmDevices;
import io.lull.worker.sharedmemory.RamBackend;
import io.lull.worker.sharedmemory.RamFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at a running QEMU and refuses to arm one of which no safe checkpoint can be taken. */
final class ArmingCheck {
    private static final Logger LOG = LoggerFactory.getLogger(ArmingCheck.class);
    private static final String PRELOAD = "condfix";
    private static final String WAITS = "inmigrate";
    private static final Pattern DIRTY_RING = Pattern.compile("dirty-ring-size=(?!0+(\\W|$))\\w");

    private ArmingCheck() {}

    /**
     * Looks whether the VM runs in this QEMU, or did.
     *
     * @throws IOException when it is a standby that waits yet; one line that says what to do
     */
    static void notAStandby(QmpClient monitor) throws IOException, QmpException, InterruptedException {
        if (new QemuQueries(monitor).status().status().equals(WAITS)) {
            throw new IOException(
                    "this QEMU is a standby that waits for its stream: once its backup has taken the VM over,"
                            + " start this worker again");
        }
    }

    /**
     * Chooses how the VM is captured.
     *
     * @return the file to capture its memory from; empty where it is captured by COLO
     * @throws IOException when this QEMU and its VM are known to be unsafe; one line that says what to do
     */
    static Optional<RamFile> source(PrimaryConfig config, QmpClient monitor, long processId, long ramBytes)
            throws IOException, QmpException, InterruptedException {
        QemuQueries queries = new QemuQueries(monitor);
        Path process = Path.of("/proc", Long.toString(processId));
        boolean preload;
        try (Stream<String> maps = Files.lines(process.resolve("maps"))) {
            preload = maps.anyMatch(line -> line.contains(PRELOAD));
        }
        // No query of QEMU's tells.
        String commandLine = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
        QemuFacts facts = new QemuFacts(
                monitor.version(),
                queries.commands(),
                queries.kvm().enabled() ? Accelerator.KVM : Accelerator.TCG,
                ramBytes,
                preload,
                hasDirtyRing(commandLine));
        List<String> againstColo = QemuCheck.refusals(facts);
        if (config.source() == SourceChoice.AUTO && againstColo.isEmpty()) {
            return Optional.empty();
        }
        RamBackend.Found found = RamBackend.find(new QmpCalls(monitor), processId);
        List<String> againstShared = new ArrayList<>(QemuCheck.sharedMemoryRefusals(facts));
        if (found.file().isEmpty()) {
            againstShared.add(found.why());
        }
        if (config.pipeline().shadow() == ShadowKind.LEAN) {
            againstShared.add(PrimaryConfig.NO_LEAN_COPY);
        }
        SourceRule rule = new SourceRule(againstColo, againstShared);
        String why = rule.why(config.source());
        return switch (rule.verdict(config.source())) {
            case COLO -> Optional.empty();
            case REFUSED -> throw new IOException("this VM must not be armed: " + why);
            case SHARED_MEMORY -> {
                LOG.info(
                        "the VM is captured from shared memory, {}: {}",
                        found.file().orElseThrow().path(),
                        why);
                yield found.file();
            }
        };
    }

    /** Whether QEMU was started with KVM's dirty rings; its arguments end with a NUL each. */
    static boolean hasDirtyRing(String commandLine) {
        return DIRTY_RING.matcher(commandLine).find();
    }

    /**
     * Looks whether all that the VM writes to and speaks by is protected.
     *
     * @throws IOException when something isn't, and isn't meant to be left out; one line that says what to do
     */
    static void requireNothingLeftOut(PrimaryConfig config, QmpClient monitor) throws IOException {
        VmDevices devices = DeviceQuery.ask(new QmpCalls(monitor));
        if (!LeftOut.knowsDisks(devices, config.disk())) {
            LOG.warn(
                    "disk.node '{}' is the topmost node of none of the VM's disks: whether others are left out is not known",
                    config.disk().node());
        }
        List<String> leftOut = LeftOut.of(devices, config.disk(), config.network());
        if (!leftOut.isEmpty()) {
            throw new IOException("this VM must not be armed: " + String.join("; ", leftOut));
        }
    }

    /**
     * Waits until QEMU has left COLO, where a worker that was killed may have left it and where it must not be stopped. What that
     * worker had let go while the guest was paused is dropped.
     *
     * @param netdev whose output is held; empty when there is none
     * @throws IOException when it stays there
     */
    static void awaitOutOfColo(QmpClient monitor, Optional<String> netdev) throws IOException, InterruptedException {
        QmpCalls calls = new QmpCalls(monitor);
        PausedFrames frames = new PausedFrames(netdev);
        frames.cutOff(calls);
        boolean out = new ColoControl(monitor).awaitOut();
        frames.reconnect(calls);
        if (!out) {
            throw new IOException("QEMU stays in the COLO state that an earlier worker left it in: see query-migrate at"
                    + " its monitor, and start this worker again once that says 'failed' or 'completed'");
        }
    }
}
