package io.lull.policy.signal;

import io.lull.policy.Checks;
import io.lull.policy.ServicesRule;
import java.util.List;

/**
 * The state of a VM's TCP connections at the end of a sample, as read from its frames.
 *
 * @param connections open ones
 * @param stalled bytes in flight and nothing sent for 2 ms: the server has said all it can before the next ACK
 * @param windowFull the client's window takes no further segment
 * @param zeroWindow the client announced a window of zero
 * @param bytesInFlight sent by the guest (held frames included) and not acknowledged
 * @param requestsPending connections with input that nothing has answered yet
 * @param services those with most connections that wait or ask, at most {@value ServicesRule#MOST_SERVICES}; empty where
 *     they are not told apart
 */
public record TcpSample(
        int connections,
        int stalled,
        int windowFull,
        int zeroWindow,
        long bytesInFlight,
        int requestsPending,
        List<ServiceSample> services) {
    public static final TcpSample NONE = new TcpSample(0, 0, 0, 0, 0, 0);

    /** Where services are not told apart. */
    public TcpSample(
            int connections, int stalled, int windowFull, int zeroWindow, long bytesInFlight, int requestsPending) {
        this(connections, stalled, windowFull, zeroWindow, bytesInFlight, requestsPending, List.of());
    }

    public TcpSample {
        services = List.copyOf(services);
        Checks.within("services", services.size(), 0, ServicesRule.MOST_SERVICES);
        Checks.notNegative("connections", connections);
        Checks.notNegative("stalled", stalled);
        Checks.notNegative("windowFull", windowFull);
        Checks.notNegative("zeroWindow", zeroWindow);
        Checks.notNegative("bytesInFlight", bytesInFlight);
        Checks.notNegative("requestsPending", requestsPending);
    }
}
