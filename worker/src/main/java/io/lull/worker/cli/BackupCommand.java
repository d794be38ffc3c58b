package io.lull.worker.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim;
import io.lull.worker.backup.Backup;
import io.lull.worker.backup.BackupCommands;
import io.lull.worker.backup.BackupListener;
import io.lull.worker.backup.BackupOptions;
import io.lull.worker.backup.BackupOptions.Store;
import io.lull.worker.backup.BackupOptions.Timing;
import io.lull.worker.backup.BackupParts;
import io.lull.worker.backup.FailoverMode;
import io.lull.worker.backup.FenceSeat;
import io.lull.worker.backup.StandbyOptions;
import io.lull.worker.backup.StandbyQemu;
import io.lull.worker.backup.StandbyQemuOptions;
import io.lull.worker.config.BackupConfig;
import io.lull.worker.config.ConfigException;
import io.lull.worker.config.ConfigLoader;
import io.lull.worker.config.Wirings;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.FenceException;
import io.lull.worker.fence.UnsafeNoFence;
import io.lull.worker.kafka.KafkaSide;
import io.lull.worker.status.CommandSocket;
import io.lull.worker.status.StatusSocket;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lull backup}: holds the copy of a VM and takes over when its primary is lost. Runs until told to end. */
@Command(name = "backup", description = "Holds the copy of a VM; takes over when the primary is lost.")
final class BackupCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(BackupCommand.class);
    private static final long HEARTBEAT_NANOS = 100_000_000;
    private static final long HANDSHAKE_NANOS = 2_000_000_000L;
    private static final long STANDBY_START_NANOS = 20_000_000_000L;

    @Option(names = "--config", required = true, description = "YAML file; `lull reference backup` shows all keys.")
    private Path config = Path.of("");

    @Option(
            names = "--unsafe-no-fence",
            description = "asks no fence and takes over whatever the primary does, whatever the file says. Only for two"
                    + " bare hosts: when these lose each other but not their clients, two VMs answer")
    private boolean unsafeNoFence;

    @Override
    public Integer call() throws ConfigException, IOException, InterruptedException {
        BackupConfig read = ConfigLoader.backup(config);
        BackupConfig settings = unsafeNoFence ? read.unfenced() : read;
        Wiring wiring = Wirings.of(settings);
        Files.createDirectories(settings.runDir());
        Files.createDirectories(Path.of(settings.image().directory()));
        try (Termination termination = new Termination();
                KafkaSide kafka = KafkaSide.connect(settings.kafka());
                Reported events = new Reported(settings, kafka);
                Backup backup =
                        Backup.start(options(settings), parts(settings, wiring, kafka, events), System::nanoTime);
                StatusSocket status =
                        new StatusSocket(settings.socket("status.sock"), () -> document(settings, backup, events));
                CommandSocket commands = new CommandSocket(
                        settings.socket(CommandCall.SOCKET), request -> BackupCommands.answer(backup, request))) {
            backup.takenOver().whenComplete(events::takenOver);
            backup.vmEnded().thenAccept(what -> {
                LOG.info("The VM that was taken over is gone from here: {}; this worker ends", what);
                termination.ask();
            });
            termination.await();
            return 0;
        }
    }

    private static ObjectNode document(BackupConfig settings, Backup backup, Reported events) {
        ObjectNode json = backup.status().toJson();
        if (settings.unsafePlaintext()) {
            json.put("warning", Wirings.UNSAFE);
        }
        events.addTo(json);
        backup.fenceRecord().ifPresent(record -> json.set("fence", FenceDocument.of(record)));
        return json;
    }

    private static BackupOptions options(BackupConfig settings) {
        Optional<Path> disk =
                settings.disk().used() ? Optional.of(Path.of(settings.disk().file())) : Optional.empty();
        Store defaults = Store.defaults(Path.of(settings.image().directory()), disk);
        return new BackupOptions(
                new VmId(settings.vm()),
                settings.listenAddress(),
                new Store(
                        defaults.directory(),
                        disk,
                        settings.disk().syncEachCommit(),
                        defaults.maxImageBytes(),
                        defaults.redoMemoryBytes()),
                settings.failover() == BackupConfig.FailoverMode.AUTO ? FailoverMode.AUTO : FailoverMode.MANUAL,
                new Timing(HANDSHAKE_NANOS, HEARTBEAT_NANOS, settings.primarySilenceMillis() * 1_000_000));
    }

    private static BackupParts parts(BackupConfig settings, Wiring wiring, KafkaSide kafka, BackupListener listener)
            throws IOException, InterruptedException {
        return new BackupParts(
                wiring,
                Optional.of(new StandbyQemu(
                        new StandbyQemuOptions(settings.standby().command(), settings.runDir(), STANDBY_START_NANOS))),
                StandbyOptions.DEFAULT,
                fence(settings, kafka)
                        .map(fence -> new FenceSeat(fence, new FenceClaim.Party(UUID.randomUUID(), settings.host()))),
                listener);
    }

    private static Optional<Fence> fence(BackupConfig settings, KafkaSide kafka)
            throws IOException, InterruptedException {
        return switch (settings.fence()) {
            case NONE -> Optional.empty();
            case UNSAFE_NO_FENCE -> Optional.of(new UnsafeNoFence());
            case KAFKA -> {
                try {
                    yield Optional.of(kafka.fence(new VmId(settings.vm())));
                } catch (FenceException e) {
                    throw new IOException(e.getMessage(), e);
                }
            }
        };
    }
}
