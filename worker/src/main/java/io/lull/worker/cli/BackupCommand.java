package io.lull.worker.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lull.policy.VmId;
import io.lull.worker.backup.Backup;
import io.lull.worker.backup.BackupCommands;
import io.lull.worker.backup.BackupListener;
import io.lull.worker.backup.BackupOptions;
import io.lull.worker.backup.BackupOptions.Store;
import io.lull.worker.backup.BackupOptions.Timing;
import io.lull.worker.backup.BackupParts;
import io.lull.worker.backup.FailoverMode;
import io.lull.worker.backup.StandbyOptions;
import io.lull.worker.backup.StandbyQemu;
import io.lull.worker.backup.StandbyQemuOptions;
import io.lull.worker.backup.UnsafeNoFence;
import io.lull.worker.config.BackupConfig;
import io.lull.worker.config.ConfigException;
import io.lull.worker.config.ConfigLoader;
import io.lull.worker.config.Wirings;
import io.lull.worker.kafka.KafkaSide;
import io.lull.worker.status.CommandSocket;
import io.lull.worker.status.StatusSocket;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lull backup}: holds the copy of a VM and takes over when its primary is lost. Runs until told to end. */
@Command(name = "backup", description = "Holds the copy of a VM; takes over when the primary is lost.")
final class BackupCommand implements Callable<Integer> {
    private static final long HEARTBEAT_NANOS = 100_000_000;
    private static final long HANDSHAKE_NANOS = 2_000_000_000L;
    private static final long STANDBY_START_NANOS = 20_000_000_000L;

    @Option(names = "--config", required = true, description = "YAML file; `lull reference backup` shows all keys.")
    private Path config = Path.of("");

    @Override
    public Integer call() throws ConfigException, IOException, InterruptedException {
        BackupConfig settings = ConfigLoader.backup(config);
        Wiring wiring = Wirings.of(settings);
        Files.createDirectories(settings.runDir());
        Files.createDirectories(Path.of(settings.image().directory()));
        try (Termination termination = new Termination();
                KafkaSide kafka = KafkaSide.connect(settings.kafka());
                Reported events = new Reported(settings, kafka);
                Backup backup = Backup.start(options(settings), parts(settings, wiring, events), System::nanoTime);
                StatusSocket status =
                        new StatusSocket(settings.socket("status.sock"), () -> document(settings, backup, events));
                CommandSocket commands = new CommandSocket(
                        settings.socket(TakeoverCommand.SOCKET), request -> BackupCommands.answer(backup, request))) {
            backup.takenOver().whenComplete(events::takenOver);
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

    private static BackupParts parts(BackupConfig settings, Wiring wiring, BackupListener listener) {
        return new BackupParts(
                wiring,
                Optional.of(new StandbyQemu(
                        new StandbyQemuOptions(settings.standby().command(), settings.runDir(), STANDBY_START_NANOS))),
                StandbyOptions.DEFAULT,
                settings.unsafeNoFence() ? Optional.of(new UnsafeNoFence()) : Optional.empty(),
                listener);
    }
}
