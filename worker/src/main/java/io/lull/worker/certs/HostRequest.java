package io.lull.worker.certs;

import io.lull.worker.wire.HostNames;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a host's certificate is to say.
 *
 * @param host the host's name, as in its configuration
 * @param addresses DNS names and IP addresses that it can be reached at; may be empty
 * @param from when the certificate begins
 * @param until when it ends
 */
public record HostRequest(String host, List<String> addresses, Instant from, Instant until) {
    /** Most addresses of one host. */
    public static final int MAX_ADDRESSES = 64;

    private static final Pattern IP = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern DNS = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})");

    public HostRequest {
        addresses = List.copyOf(addresses);
        if (!HostNames.canName(host)) {
            throw new IllegalArgumentException("a host's name must be " + HostNames.rule() + ", is '" + host + "'");
        }
        if (addresses.size() > MAX_ADDRESSES) {
            throw new IllegalArgumentException("at most " + MAX_ADDRESSES + " addresses, are " + addresses.size());
        }
        for (String address : addresses) {
            if (!isIp(address) && !DNS.matcher(address).matches()) {
                throw new IllegalArgumentException(
                        "an address must be a DNS name or an IP address, is '" + address + "'");
            }
        }
        if (!until.isAfter(from)) {
            throw new IllegalArgumentException("a certificate from " + from + " can't end at " + until);
        }
    }

    /** Whether an address is an IP address and not a DNS name. */
    static boolean isIp(String address) {
        return IP.matcher(address).matches();
    }
}
