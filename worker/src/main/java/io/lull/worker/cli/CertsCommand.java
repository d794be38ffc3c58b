package io.lull.worker.cli;

import io.lull.worker.certs.CertificateAuthority;
import io.lull.worker.certs.CertificateFolder;
import io.lull.worker.certs.HostRequest;
import io.lull.worker.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lull certs}: makes the certificates by which primaries and backups know each other. */
@Command(
        name = "certs",
        description = "Makes the certificates by which primaries and backups know each other.",
        subcommands = {CertsCommand.Authority.class, CertsCommand.Host.class})
final class CertsCommand implements Runnable {
    /** So that a host whose clock is somewhat behind takes a new certificate. */
    private static final Duration BACKDATED = Duration.ofHours(1);

    private static final int MAX_AUTHORITY_DAYS = 7300;
    private static final int MAX_HOST_DAYS = 825;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to make: authority, or host");
    }

    private static void checkDays(int days, int most) throws ConfigException {
        if (days < 1 || days > most) {
            throw new ConfigException("--days must be from 1 to " + most + ", is " + days);
        }
    }

    /** {@code lull certs authority}: makes the authority, once. */
    @Command(name = "authority", description = "Makes an authority in a folder that stays with you; once.")
    static final class Authority implements Callable<Integer> {
        @Option(names = "--directory", required = true, description = "the folder; made when it is missing")
        private Path directory = Path.of("");

        @Option(names = "--days", description = "how long it is valid, at most 7300; default ${DEFAULT-VALUE}")
        private int days = 3650;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws ConfigException, IOException {
            checkDays(days, MAX_AUTHORITY_DAYS);
            CertificateFolder folder = new CertificateFolder(directory);
            Instant now = Instant.now();
            CertificateAuthority authority =
                    CertificateAuthority.create(now.minus(BACKDATED), now.plus(Duration.ofDays(days)));
            folder.keep(authority);
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    "%s: the authority's certificate, until %s. Each host needs a copy.%n",
                    folder.authority(),
                    authority.own().certificate().getNotAfter().toInstant());
            out.printf(
                    "%s: its key. Keep it here and away from the hosts: who has it can be any host.%n",
                    folder.authorityKey());
            out.printf("Next, for each host: lull certs host --name HOST --directory %s%n", directory);
            out.flush();
            return 0;
        }
    }

    /** {@code lull certs host}: makes a host's key and has the authority sign its certificate. */
    @Command(name = "host", description = "Makes a host's certificate and key.")
    static final class Host implements Callable<Integer> {
        @Option(names = "--name", required = true, description = "the host's name, 'host' in its configuration")
        private String name = "";

        @Option(
                names = "--address",
                description = "a DNS name or IP address that it is reached at; may be given several times. Needed only"
                        + " where primary.yaml has no backup.host")
        private List<String> addresses = new ArrayList<>();

        @Option(names = "--directory", required = true, description = "the authority's folder")
        private Path directory = Path.of("");

        @Option(names = "--days", description = "how long it is valid, at most 825; default ${DEFAULT-VALUE}")
        private int days = 365;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws ConfigException, IOException {
            checkDays(days, MAX_HOST_DAYS);
            Instant now = Instant.now();
            CertificateFolder folder = new CertificateFolder(directory);
            X509Certificate made;
            try {
                made = folder.issue(
                        new HostRequest(name, addresses, now.minus(BACKDATED), now.plus(Duration.ofDays(days))));
            } catch (IllegalArgumentException e) {
                throw new ConfigException(String.valueOf(e.getMessage()));
            }
            print(folder, made);
            return 0;
        }

        private void print(CertificateFolder folder, X509Certificate made) {
            PrintWriter out = spec.commandLine().getOut();
            out.printf("%s: certificate of host %s", folder.certificateOf(name), name);
            out.printf("%s", addresses.isEmpty() ? "" : " at " + String.join(", ", addresses));
            out.printf(", until %s.%n", made.getNotAfter().toInstant());
            out.printf("%s: its key, for that host's worker alone (mode 600).%n", folder.keyOf(name));
            out.printf("Copy both and %s to the host. In its primary.yaml or backup.yaml:%n%n", folder.authority());
            out.printf("host: %s%ntls:%n", name);
            out.printf("  certificate: %s%n", folder.certificateOf(name));
            out.printf("  key: %s%n", folder.keyOf(name));
            out.printf("  authority: %s%n%n", folder.authority());
            out.printf("and in the primary.yaml of a host whose backup it is:%n%nbackup:%n  host: %s%n", name);
            out.flush();
        }
    }
}
