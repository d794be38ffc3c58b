package io.lull.producer.net;

import io.lull.policy.ServicesRule;
import io.lull.policy.signal.ServiceSample;
import java.util.ArrayList;
import java.util.List;

/** Counts by port, in one pass over the connections. Reused; not thread-safe. */
final class ServiceCounts {
    /** Ports that are counted at once; connections of further ones are left out. */
    static final int MOST_PORTS = 16;

    private final int[] port = new int[MOST_PORTS];
    private final int[] waiting = new int[MOST_PORTS];
    private final int[] held = new int[MOST_PORTS];
    private final int[] asking = new int[MOST_PORTS];
    private int ports;

    void clear() {
        ports = 0;
    }

    /**
     * Counts a connection of {@code guestPort} that waits for something held, or else asks.
     *
     * @param waits for what the open epoch holds
     * @param waitsAtAll for what any epoch holds; true where it waits
     */
    void add(int guestPort, boolean waits, boolean waitsAtAll) {
        int i = 0;
        while (i < ports && port[i] != guestPort) {
            i++;
        }
        if (i == MOST_PORTS || guestPort == 0) {
            return;
        }
        if (i == ports) {
            port[i] = guestPort;
            waiting[i] = 0;
            held[i] = 0;
            asking[i] = 0;
            ports++;
        }
        waiting[i] += waits ? 1 : 0;
        held[i] += waitsAtAll ? 1 : 0;
        asking[i] += waitsAtAll ? 0 : 1;
    }

    /** The services with most of them, at most {@value ServicesRule#MOST_SERVICES}, by port where there are as many. */
    List<ServiceSample> largest() {
        int count = Math.min(ports, ServicesRule.MOST_SERVICES);
        List<ServiceSample> services = new ArrayList<>(count);
        for (int taken = 0; taken < count; taken++) {
            int most = taken;
            for (int i = taken + 1; i < ports; i++) {
                if (clients(i) > clients(most) || clients(i) == clients(most) && port[i] < port[most]) {
                    most = i;
                }
            }
            services.add(new ServiceSample(port[most], waiting[most], held[most], asking[most]));
            swap(taken, most);
        }
        return services;
    }

    private int clients(int i) {
        return held[i] + asking[i];
    }

    private void swap(int i, int j) {
        swap(port, i, j);
        swap(waiting, i, j);
        swap(held, i, j);
        swap(asking, i, j);
    }

    private static void swap(int[] values, int i, int j) {
        int value = values[i];
        values[i] = values[j];
        values[j] = value;
    }
}
