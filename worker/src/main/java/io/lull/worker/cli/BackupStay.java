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
import io.lull.worker.config.FenceChoice;
import io.lull.worker.config.Wirings;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.UnsafeNoFence;
import io.lull.worker.kafka.KafkaSide;
import io.lull.worker.page.PagePool;
import io.lull.worker.status.CommandSocket;
import io.lull.worker.status.StatusSocket;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One VM's stay in {@code lull backup}: its image, its port, its sockets and its connections, none of which another VM uses.
 *
 * @param settings its configuration
 * @param wiring how connections of its primary are protected
 * @param pool with which the VMs of the process unpack, apply and hash pages
 */
record BackupStay(BackupConfig settings, Wiring wiring, PagePool pool) implements VmGroup.Life {
    private static final Logger LOG = LoggerFactory.getLogger(BackupStay.class);
    private static final long HEARTBEAT_NANOS = 100_000_000;
    private static final long HANDSHAKE_NANOS = 2_000_000_000L;
    private static final long STANDBY_START_NANOS = 20_000_000_000L;

    @Override
    public void live(Stop stop) throws IOException, ConfigException, InterruptedException {
        Files.createDirectories(settings.runDir());
        Files.createDirectories(Path.of(settings.image().directory()));
        CompletableFuture<Optional<String>> end = new CompletableFuture<>();
        try (KafkaSide kafka = Connections.kafka(settings.kafka());
                Reported events = new Reported(settings, kafka);
                Backup backup = started(parts(kafka, events));
                StatusSocket status =
                        new StatusSocket(settings.socket(StatusSocket.NAME), () -> document(backup, events));
                CommandSocket commands = new CommandSocket(
                        settings.socket(CommandCall.SOCKET), request -> BackupCommands.answer(backup, request))) {
            backup.takenOver().whenComplete(events::takenOver);
            backup.vmEnded().thenAccept(what -> {
                LOG.info("vm {}: what was taken over is gone from here: {}; its stay ends", settings.vm(), what);
                end.complete(Optional.empty());
            });
            backup.succeeded().thenAccept(successor -> end.complete(Optional.of(successor)));
            stop.byCalling(() -> end.complete(Optional.empty()));
            Optional<String> successor = Connections.await(end);
            if (successor.isPresent()) {
                throw new AgainException("the VM that was taken over here is another's by now (" + successor.get()
                        + "): this backup starts again, to serve it");
            }
        }
    }

    /** What is in its way, as a QEMU that has the disk yet, may go. */
    private Backup started(BackupParts parts) throws AgainException {
        try {
            return Backup.start(options(), parts, pool.workers(), System::nanoTime);
        } catch (IOException e) {
            parts.fence().ifPresent(seat -> seat.fence().close());
            throw new AgainException(e);
        }
    }

    private ObjectNode document(Backup backup, Reported events) {
        ObjectNode json = backup.status().toJson();
        if (settings.unsafePlaintext()) {
            json.put("warning", Wirings.UNSAFE);
        }
        if (settings.fence() == FenceChoice.UNSAFE_NO_FENCE) {
            json.put("unfenced", UnsafeNoFence.WARNING);
        }
        events.addTo(json);
        backup.fenceRecord().ifPresent(record -> json.set("fence", FenceDocument.of(record)));
        return json;
    }

    private BackupOptions options() {
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
                        settings.image().maxBytes(),
                        defaults.redoMemoryBytes()),
                settings.failover() == BackupConfig.FailoverMode.AUTO ? FailoverMode.AUTO : FailoverMode.MANUAL,
                new Timing(
                        HANDSHAKE_NANOS,
                        HEARTBEAT_NANOS,
                        settings.primarySilenceMillis() * 1_000_000,
                        settings.standstillMillis() * 1_000_000));
    }

    private BackupParts parts(KafkaSide kafka, BackupListener listener) throws IOException, InterruptedException {
        return new BackupParts(
                wiring,
                Optional.of(new StandbyQemu(
                        new StandbyQemuOptions(settings.standby().command(), settings.runDir(), STANDBY_START_NANOS))),
                StandbyOptions.DEFAULT,
                fence(kafka)
                        .map(fence -> new FenceSeat(fence, new FenceClaim.Party(UUID.randomUUID(), settings.host()))),
                listener);
    }

    private Optional<Fence> fence(KafkaSide kafka) throws IOException, InterruptedException {
        return switch (settings.fence()) {
            case NONE -> Optional.empty();
            case UNSAFE_NO_FENCE -> {
                LOG.warn("vm {}: {}", settings.vm(), UnsafeNoFence.WARNING);
                yield Optional.of(new UnsafeNoFence());
            }
            case KAFKA -> Optional.of(Connections.fence(kafka, settings.vm()));
        };
    }
}
