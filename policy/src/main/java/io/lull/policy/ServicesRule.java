package io.lull.policy;

import java.util.List;

/**
 * What it costs that clients wait, service by service: a part of {@link WaitRule}.
 *
 * @param besidesLoss what the work beside the services loses on the average, in the unit of {@link ServiceRule#priceRatio}; it
 *     counts while the guest does not rest
 * @param services at most {@value #MOST_SERVICES}
 */
public record ServicesRule(double besidesLoss, List<ServiceRule> services) {
    /** Services of a VM that are told apart. */
    public static final int MOST_SERVICES = 4;

    /** No services are known. */
    public static final ServicesRule NONE = new ServicesRule(0, List.of());

    public ServicesRule {
        Checks.within("services.besidesLoss", besidesLoss, 0, 1e6);
        services = List.copyOf(services);
        Checks.within("services", services.size(), 0, MOST_SERVICES);
    }
}
