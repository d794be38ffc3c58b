package io.lull.local.fault;

import io.lull.policy.VmId;
import io.lull.worker.backup.Backup;
import io.lull.worker.backup.BackupListener;
import io.lull.worker.backup.BackupOptions;
import io.lull.worker.backup.BackupParts;
import io.lull.worker.backup.FailoverMode;
import io.lull.worker.backup.StandbyOptions;
import io.lull.worker.wire.Credentials;
import io.lull.worker.wire.MutualTls;
import io.lull.worker.wire.PeerRule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** A backup worker as a process of its own, to be killed; without a standby and without Kafka. */
public final class BackupMain {
    private BackupMain() {}

    /** Arguments: image folder, disk, port, certificate, key, authority. */
    public static void main(String[] args) throws IOException, InterruptedException {
        BackupOptions options = new BackupOptions(
                new VmId(FaultGuest.VM),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[2])),
                BackupOptions.Store.defaults(Files.createDirectories(Path.of(args[0])), Optional.of(Path.of(args[1]))),
                FailoverMode.MANUAL,
                BackupOptions.Timing.DEFAULT);
        BackupParts parts = new BackupParts(
                MutualTls.of(Credentials.read(Path.of(args[3]), Path.of(args[4]), Path.of(args[5])))
                        .from(PeerRule.anyOf(Set.of(FaultCertificates.PRIMARY))),
                Optional.empty(),
                StandbyOptions.DEFAULT,
                Optional.empty(),
                new BackupListener() {});
        try (Backup backup = Backup.start(options, parts, System::nanoTime)) {
            System.out.println("listens on " + backup.address());
            Thread.currentThread().join();
        }
    }
}
