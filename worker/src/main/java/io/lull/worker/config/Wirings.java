package io.lull.worker.config;

import io.lull.worker.wire.Credentials;
import io.lull.worker.wire.HostNames;
import io.lull.worker.wire.MutualTls;
import io.lull.worker.wire.PeerRule;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the wiring that a configuration asks for, from the files that it names; warns of what is unsafe or soon over. */
public final class Wirings {
    /** What an unsafe worker says of itself, at its start and in its status. */
    public static final String UNSAFE =
            "UNSAFE: the connection between primary and backup is plaintext. Whoever reaches"
                    + " the network reads the guest's memory; whoever reaches the port can be the primary. `lull certs` makes what"
                    + " 'tls' needs";

    private static final Logger LOG = LoggerFactory.getLogger(Wirings.class);
    private static final Duration RENEW_BEFORE = Duration.ofDays(14);

    private Wirings() {}

    /** The primary's way to its backup. */
    public static Wiring of(PrimaryConfig config) throws ConfigException {
        if (!config.tls().used()) {
            LOG.warn(UNSAFE);
            return Wiring.UNSAFE_PLAINTEXT;
        }
        PrimaryConfig.Backup backup = config.backup();
        PeerRule wanted = backup.host().isBlank()
                ? PeerRule.at(backup.socketAddress().getHostString())
                : PeerRule.anyOf(Set.of(backup.host()));
        return tls(config.tls(), config.host()).towards(wanted);
    }

    /** The backup's way to its primaries. */
    public static Wiring of(BackupConfig config) throws ConfigException {
        if (!config.tls().used()) {
            LOG.warn(UNSAFE);
            return Wiring.UNSAFE_PLAINTEXT;
        }
        PeerRule wanted =
                config.primaries().isEmpty() ? PeerRule.ANY_HOST : PeerRule.anyOf(Set.copyOf(config.primaries()));
        return tls(config.tls(), config.host()).from(wanted);
    }

    private static MutualTls tls(TlsConfig tls, String host) throws ConfigException {
        Credentials own = credentials(tls, host);
        try {
            return MutualTls.of(own);
        } catch (IllegalStateException e) {
            throw new ConfigException("'tls': " + e.getMessage());
        }
    }

    private static Credentials credentials(TlsConfig tls, String host) throws ConfigException {
        try {
            Credentials own =
                    Credentials.read(Path.of(tls.certificate()), Path.of(tls.key()), Path.of(tls.authority()));
            HostNames names = HostNames.of(own.certificate());
            if (!names.hosts().contains(host)) {
                throw new ConfigException("'tls.certificate' " + tls.certificate() + " is of " + names
                        + ", not of host '" + host + "': `lull certs host --name " + host + "` makes one");
            }
            warnOfEnd(tls.certificate(), own.certificate().getNotAfter().toInstant());
            return own;
        } catch (IOException | CertificateParsingException e) {
            throw new ConfigException("'tls': " + e.getMessage());
        }
    }

    /** No reason not to start: a backup whose certificate has ended can still be told to take over. */
    private static void warnOfEnd(String certificate, Instant end) {
        if (Instant.now().plus(RENEW_BEFORE).isAfter(end)) {
            LOG.warn("the certificate {} ends at {}: from then on no other host accepts it", certificate, end);
        }
    }
}
