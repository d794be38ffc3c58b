package io.lull.bench.many;

import io.lull.policy.VmId;
import io.lull.worker.backup.Backup;
import io.lull.worker.backup.BackupListener;
import io.lull.worker.backup.BackupOptions;
import io.lull.worker.backup.BackupParts;
import io.lull.worker.backup.FailoverMode;
import io.lull.worker.backup.StandbyOptions;
import io.lull.worker.certs.CertificateFolder;
import io.lull.worker.page.PagePool;
import io.lull.worker.wire.Credentials;
import io.lull.worker.wire.MutualTls;
import io.lull.worker.wire.PeerRule;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The backups of many VMs in one process, without Kafka and standbys; ends when its standard input does. */
public final class BackupsMain {
    private static final BackupOptions.Timing TIMING =
            new BackupOptions.Timing(5_000_000_000L, 100_000_000L, 10_000_000_000L);

    private BackupsMain() {}

    /** Arguments: a folder with the certificates, in which images are made, and how many VMs. Prints each one's port. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Wiring wiring = MutualTls.of(credentials(folder, ManyVms.BACKUP_HOST))
                .from(PeerRule.anyOf(Set.of(ManyVms.PRIMARY_HOST)));
        List<Backup> backups = new ArrayList<>();
        PagePool pool = new PagePool(Runtime.getRuntime().availableProcessors(), "lull-backup-page");
        try {
            for (int number = 0; number < Integer.parseInt(args[1]); number++) {
                Backup backup = backup(folder, number, wiring, pool);
                backups.add(backup);
                System.out.println(backup.address().getPort());
            }
            while (System.in.read() >= 0) {
                // Until the other process ends.
            }
        } finally {
            for (Backup backup : backups) {
                backup.close();
            }
            pool.close();
        }
    }

    private static Backup backup(Path folder, int number, Wiring wiring, PagePool pool) throws IOException {
        BackupOptions options = new BackupOptions(
                vm(number),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                BackupOptions.Store.defaults(
                        Files.createDirectories(folder.resolve(vm(number).value())), Optional.empty()),
                FailoverMode.MANUAL,
                TIMING);
        BackupParts parts = new BackupParts(
                wiring, Optional.empty(), StandbyOptions.DEFAULT, Optional.empty(), new BackupListener() {});
        return Backup.start(options, parts, pool.workers(), System::nanoTime);
    }

    /** The name of a VM by its number. */
    static VmId vm(int number) {
        return new VmId("vm-" + number);
    }

    /** What a host of this benchmark shows. */
    static Credentials credentials(Path folder, String host) throws IOException {
        CertificateFolder certificates = new CertificateFolder(folder.resolve("certs"));
        return Credentials.read(certificates.certificateOf(host), certificates.keyOf(host), certificates.authority());
    }
}
