package io.lull.worker.wire;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The names that a certificate gives to who holds its key.
 *
 * @param hosts hosts of Lull, from URIs {@code urn:lull:host:NAME}; a name for other purposes is none
 * @param addresses DNS names in lower case and IP addresses, as text
 */
public record HostNames(Set<String> hosts, Set<String> addresses) {
    /** What is before a host's name in its URI. */
    public static final String HOST_URI = "urn:lull:host:";

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,200}");
    private static final int DNS_NAME = 2;
    private static final int URI = 6;
    private static final int IP_ADDRESS = 7;

    public HostNames {
        hosts = Set.copyOf(hosts);
        addresses = Set.copyOf(addresses);
    }

    /** Whether a certificate can carry this name of a host. */
    public static boolean canName(String host) {
        return HOST.matcher(host).matches();
    }

    /** What {@link #canName} asks for, in words. */
    public static String rule() {
        return "1 to 200 letters, digits, '.', '-', '_'";
    }

    /** The names in a certificate; none when it has none that matter. */
    public static HostNames of(X509Certificate certificate) throws CertificateParsingException {
        Set<String> hosts = new TreeSet<>();
        Set<String> addresses = new TreeSet<>();
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        for (List<?> name : names == null ? List.<List<?>>of() : names) {
            String text = String.valueOf(name.get(1));
            switch ((Integer) name.get(0)) {
                case URI -> {
                    if (text.startsWith(HOST_URI)) {
                        hosts.add(text.substring(HOST_URI.length()));
                    }
                }
                case DNS_NAME -> addresses.add(text.toLowerCase(Locale.ROOT));
                case IP_ADDRESS -> addresses.add(text);
                default -> {
                    // Names of other kinds say nothing of a host.
                }
            }
        }
        return new HostNames(hosts, addresses);
    }

    @Override
    public String toString() {
        return (hosts.isEmpty() ? "no host" : "host " + String.join(", ", new TreeSet<>(hosts)))
                + (addresses.isEmpty() ? "" : " at " + String.join(", ", new TreeSet<>(addresses)));
    }
}
