package io.lull.worker.primary;

import io.lull.producer.qemu.Accelerator;
import io.lull.producer.qemu.QemuCheck;
import io.lull.producer.qemu.QemuFacts;
import io.lull.producer.qemu.QemuQueries;
import io.lull.producer.qemu.QmpClient;
import io.lull.producer.qemu.QmpException;
import io.lull.worker.colo.ColoControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Looks at a running QEMU and refuses to arm one of which no safe checkpoint can be taken. */
final class ArmingCheck {
    private static final String PRELOAD = "condfix";
    private static final String WAITS = "inmigrate";

    private ArmingCheck() {}

    /** @throws IOException when this QEMU and its VM are known to be unsafe; one line that says what to do */
    static void refuseUnsafe(QmpClient monitor, long processId, long ramBytes)
            throws IOException, QmpException, InterruptedException {
        QemuQueries queries = new QemuQueries(monitor);
        if (queries.status().status().equals(WAITS)) {
            throw new IOException(
                    "this QEMU is a standby that waits for its stream: once its backup has taken the VM over,"
                            + " start this worker again");
        }
        boolean preload;
        try (Stream<String> maps = Files.lines(Path.of("/proc", Long.toString(processId), "maps"))) {
            preload = maps.anyMatch(line -> line.contains(PRELOAD));
        }
        List<String> refusals = QemuCheck.refusals(new QemuFacts(
                monitor.version(),
                queries.commands(),
                queries.kvm().enabled() ? Accelerator.KVM : Accelerator.TCG,
                ramBytes,
                preload));
        if (!refusals.isEmpty()) {
            throw new IOException("this VM must not be armed: " + String.join("; ", refusals));
        }
    }

    /**
     * Waits until QEMU has left COLO, where a worker that was killed may have left it and where it must not be stopped.
     *
     * @throws IOException when it stays there
     */
    static void awaitOutOfColo(QmpClient monitor) throws IOException, InterruptedException {
        if (!new ColoControl(monitor).awaitOut()) {
            throw new IOException("QEMU stays in the COLO state that an earlier worker left it in: see query-migrate at"
                    + " its monitor, and start this worker again once that says 'failed' or 'completed'");
        }
    }
}
