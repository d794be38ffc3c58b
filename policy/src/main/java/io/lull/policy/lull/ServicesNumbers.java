package io.lull.policy.lull;

import io.lull.policy.ServiceRule;
import io.lull.policy.ServicesRule;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of {@link LullNumbers} that is of the services: what a plan says of each. A class with public fields, because
 * Flink keeps it as state.
 */
public final class ServicesNumbers {
    /** What the work beside the services loses on the average. */
    public double besidesLoss;

    /** The guest's ports; 0 where there is no service. */
    public int[] port = new int[ServicesRule.MOST_SERVICES];

    /** Clients at once. */
    public double[] clients = new double[ServicesRule.MOST_SERVICES];

    /** Worth of a moment of the service. */
    public double[] price = new double[ServicesRule.MOST_SERVICES];

    /** What it loses on the average. */
    public double[] loss = new double[ServicesRule.MOST_SERVICES];

    void set(ServicesNumbers other) {
        besidesLoss = other.besidesLoss;
        System.arraycopy(other.port, 0, port, 0, port.length);
        System.arraycopy(other.clients, 0, clients, 0, clients.length);
        System.arraycopy(other.price, 0, price, 0, price.length);
        System.arraycopy(other.loss, 0, loss, 0, loss.length);
    }

    /** Whether there are other services, or a number is off by more than {@code ratio} of what a moment is worth. */
    boolean differs(ServicesNumbers other, double ratio) {
        boolean differs = Math.abs(besidesLoss - other.besidesLoss) > ratio * (1 + other.besidesLoss);
        for (int i = 0; i < port.length; i++) {
            differs |= port[i] != other.port[i]
                    || Math.abs(clients[i] - other.clients[i]) > ratio * other.clients[i]
                    || Math.abs(price[i] - other.price[i]) > ratio * other.price[i]
                    || Math.abs(loss[i] - other.loss[i]) > ratio * other.price[i];
        }
        return differs;
    }

    /** The rule for the worker. */
    ServicesRule rule() {
        List<ServiceRule> services = new ArrayList<>(port.length);
        for (int i = 0; i < port.length; i++) {
            if (port[i] > 0) {
                services.add(new ServiceRule(port[i], clients[i], price[i], loss[i]));
            }
        }
        return new ServicesRule(besidesLoss, services);
    }
}
