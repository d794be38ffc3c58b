package io.lull.bench.many;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.lull.local.Await;
import io.lull.local.GuestSpec;
import io.lull.local.LocalOptions;
import io.lull.local.ManagedProcess;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.VmId;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.worker.certs.CertificateFolder;
import io.lull.worker.config.ConfigException;
import io.lull.worker.config.ConfigLoader;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.primary.CaptureTap;
import io.lull.worker.primary.PrimaryAgent;
import io.lull.worker.primary.Reporting;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A guest in a QEMU of its own, protected by the agent that {@code lull primary} runs, on the fixed interval. It runs redis and
 * writes as many pages a second as a calm simulated VM does, in all phases; its kernel writes some more.
 */
final class RealVm implements ManyGuest, Reporting {
    private static final long BOOT_MILLIS = 180_000;
    private static final long END_SECONDS = 30;
    private static final int DIRTIER_MEBIBYTES = 4;

    private final Path folder;
    private final GuestSpec.Seat seat;
    private final Consumer<EpochReport> reports;
    private final ManagedProcess qemu;
    private final PrimaryConfig config;
    private final Wiring wiring;
    private final PageWorkers workers;
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private Optional<PrimaryAgent> agent = Optional.empty();
    private volatile boolean committed;

    /**
     * What it is connected to.
     *
     * @param backup where its backup listens
     * @param wiring how the connection to it is protected
     * @param workers encode its pages; closed with this VM
     * @param reports takes each committed epoch's report, from any thread
     */
    record Ties(InetSocketAddress backup, Wiring wiring, PageWorkers workers, Consumer<EpochReport> reports) {}

    /** Starts its QEMU; the guest boots meanwhile. */
    RealVm(VmId vm, Setting setting, Path above, Ties ties) throws IOException {
        Path images = LocalOptions.repositoryAbove(Path.of("")).resolve(".lull/guest");
        if (!Files.exists(images.resolve("vmlinux"))) {
            throw new IOException(
                    "no guest image in " + images + ": make it with deploy/guest/build.sh, or say --guests 0");
        }
        this.folder = Files.createDirectories(above.resolve(vm.value() + "-guest"));
        this.seat = GuestSpec.Seat.in(folder, Optional.empty(), Optional.empty());
        this.wiring = ties.wiring();
        this.workers = ties.workers();
        this.reports = ties.reports();
        this.config = config(vm, setting, above.resolve("certs"), ties.backup());
        long pagesPerSecond = setting.calmPages() * 1_000_000_000L / setting.intervalNanos();
        GuestSpec spec = new GuestSpec(
                images,
                1,
                GuestSpec.RAM_KIB,
                "g.ip=10.0.2.15/24 g.gw=10.0.2.2 g.run=redis g.dirty=" + DIRTIER_MEBIBYTES + ":" + pagesPerSecond,
                Optional.empty());
        List<String> command = new ArrayList<>(spec.primaryCommand(seat));
        command.addAll(
                List.of("-netdev", "user,id=net0", "-device", "virtio-net-pci,netdev=net0,id=nic0,addr=0x4,romfile="));
        this.qemu = ManagedProcess.start("qemu", command, folder.resolve("qemu.log"));
    }

    private PrimaryConfig config(VmId vm, Setting setting, Path certs, InetSocketAddress backup) throws IOException {
        YAMLMapper yaml = new YAMLMapper();
        CertificateFolder certificates = new CertificateFolder(certs);
        ObjectNode root = yaml.createObjectNode();
        root.put("vm", vm.value())
                .put("host", ManyVms.PRIMARY_HOST)
                .put("runDir", folder.resolve("run").toString())
                .put("fence", "none");
        root.putObject("qemu")
                .put("qmp", seat.qmp())
                .put("watchdogQmp", seat.watchdogQmp().toString());
        root.putObject("tls")
                .put(
                        "certificate",
                        certificates.certificateOf(ManyVms.PRIMARY_HOST).toString())
                .put("key", certificates.keyOf(ManyVms.PRIMARY_HOST).toString())
                .put("authority", certificates.authority().toString());
        root.putObject("network").put("netdev", "net0");
        root.putObject("backup")
                .put("address", backup.getAddress().getHostAddress() + ":" + backup.getPort())
                .put("host", ManyVms.BACKUP_HOST);
        root.putObject("limits").put("safeIntervalMillis", setting.intervalNanos() / 1_000_000);
        Path file = folder.resolve("primary.yaml");
        yaml.writeValue(file.toFile(), root);
        try {
            return ConfigLoader.primary(file);
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Waits until the guest has booted. */
    @Override
    public void start() throws IOException {
        Path console = seat.console();
        Await.until("the guest is ready; its console: " + console, BOOT_MILLIS, () -> {
            if (!qemu.alive()) {
                throw new IOException("QEMU ended: " + qemu.tail(5));
            }
            return Files.exists(console)
                    && Files.readString(console, StandardCharsets.ISO_8859_1).contains("READY ");
        });
        PrimaryAgent started =
                new PrimaryAgent(config, wiring, this, CaptureTap.NONE, Optional.empty(), granted -> workers);
        agent = Optional.of(started);
        Thread thread = new Thread(() -> run(started), "agent");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(PrimaryAgent running) {
        try {
            running.run();
            ended.complete("its agent was told to stop");
        } catch (IOException | InterruptedException | RuntimeException e) {
            ended.complete(String.valueOf(e.getMessage()));
        }
    }

    /** It does as its workload says. */
    @Override
    public void dirty(int pages) {}

    @Override
    public boolean hasCommitted() {
        return committed;
    }

    @Override
    public Optional<String> ended() {
        return Optional.ofNullable(ended.getNow(null));
    }

    @Override
    public void telemetry(VmSample sample, long mayWaitNanos) {}

    @Override
    public void report(EpochReport report) {
        committed = true;
        reports.accept(report);
    }

    @Override
    public void event(ReplicationEvent event) {
        switch (event.kind()) {
            case BACKUP_LOST, VERIFY_FAILED -> ended.complete(event.kind() + ": " + event.detail());
            default -> {
                // The rest is the ordinary course.
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (agent.isPresent()) {
                agent.get().stop();
                awaitEnd();
                agent.get().close();
            } else {
                workers.close();
            }
        } finally {
            qemu.close();
        }
    }

    private void awaitEnd() throws IOException {
        try {
            ended.get(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the agent in " + folder + " does not end", e);
        }
    }
}
