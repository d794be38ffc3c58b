package io.lull.local.oracle;

import io.lull.policy.ReplicationEvent;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.worker.config.CodecRule;
import io.lull.worker.config.FenceChoice;
import io.lull.worker.config.GateChoice;
import io.lull.worker.config.KafkaConfig;
import io.lull.worker.config.OnBackupLoss;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.config.ShadowKind;
import io.lull.worker.config.SourceChoice;
import io.lull.worker.config.TlsConfig;
import io.lull.worker.primary.CaptureTap;
import io.lull.worker.primary.PrimaryAgent;
import io.lull.worker.primary.Reporting;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A primary agent in this process, without a job: it checkpoints at its safe interval. */
final class LivePrimary implements Reporting, AutoCloseable {
    static final String VM = "oracle";
    private static final long SAFE_INTERVAL_MILLIS = 20;
    private static final long END_MILLIS = 10_000;
    private static final List<ReplicationEvent.Kind> LOSSES = List.of(
            ReplicationEvent.Kind.UNPROTECTED,
            ReplicationEvent.Kind.BACKUP_LOST,
            ReplicationEvent.Kind.VERIFY_FAILED,
            ReplicationEvent.Kind.DISK_UNPROTECTED,
            ReplicationEvent.Kind.SHUTDOWN);

    private final List<EpochReport> reports = new CopyOnWriteArrayList<>();
    private final List<ReplicationEvent> events = new CopyOnWriteArrayList<>();
    private final PrimaryAgent agent;
    private final Thread thread;

    private LivePrimary(PrimaryConfig config, CaptureTap tap) throws IOException {
        this.agent = new PrimaryAgent(config, Wiring.UNSAFE_PLAINTEXT, this, tap, Optional.empty());
        this.thread = new Thread(this::run, "primary-agent");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Protects the VM behind a monitor.
     *
     * @param diskNode the disk to replicate; blank for none
     */
    static LivePrimary start(Path runDir, String qmp, String diskNode, InetSocketAddress backup, CaptureTap tap)
            throws IOException {
        return start(runDir, new Vm(qmp, diskNode, SourceChoice.AUTO), backup, tap);
    }

    /**
     * What is protected.
     *
     * @param diskNode the disk to replicate; blank for none
     * @param source how it is captured
     */
    record Vm(String qmp, String diskNode, SourceChoice source) {}

    /** Protects a VM. */
    static LivePrimary start(Path runDir, Vm vm, InetSocketAddress backup, CaptureTap tap) throws IOException {
        return new LivePrimary(
                new PrimaryConfig(
                        VM,
                        "host-a",
                        runDir,
                        // An oracle copies all of the guest's memory inside the pause, on a loaded machine.
                        new PrimaryConfig.Qemu(vm.qmp(), "", 30_000),
                        vm.source(),
                        new PrimaryConfig.Network("", List.of(), GateChoice.REDIRECTOR, "", "", 1),
                        new PrimaryConfig.Disk(vm.diskNode(), List.of(), 0),
                        new TlsConfig("", "", ""),
                        new PrimaryConfig.Backup("127.0.0.1:" + backup.getPort(), "", true, 100, 1000, 0),
                        OnBackupLoss.STOP_OUTPUT,
                        FenceChoice.NONE,
                        new KafkaConfig("none:1", "none", ""),
                        new PrimaryConfig.Limits(2, 500, SAFE_INTERVAL_MILLIS, 16_384, 8_192),
                        new PrimaryConfig.Trigger(500, 10_000, 1_000),
                        new PrimaryConfig.Pipeline(0, CodecRule.AUTO, ShadowKind.FULL, 0, 8192)),
                tap);
    }

    private void run() {
        try {
            agent.run();
        } catch (IOException vmLost) {
            // The tests kill the VM under the agent, and this is how it says so.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void telemetry(VmSample sample, long mayWaitNanos) {}

    @Override
    public void report(EpochReport report) {
        reports.add(report);
    }

    @Override
    public void event(ReplicationEvent event) {
        events.add(event);
    }

    List<EpochReport> reports() {
        return reports;
    }

    /** Whether the VM is protected; protection that was lost is an error. */
    boolean isProtected() throws IOException {
        for (ReplicationEvent event : events) {
            if (LOSSES.contains(event.kind())) {
                throw new IOException("protection was lost: " + event.kind() + ", " + event.detail());
            }
        }
        return events.stream().anyMatch(event -> event.kind() == ReplicationEvent.Kind.PROTECTED);
    }

    @Override
    public void close() throws InterruptedException {
        // The agent may only be closed once its session has ended: its threads still use what closing frees.
        agent.stop();
        thread.join(END_MILLIS);
        agent.close();
    }
}
