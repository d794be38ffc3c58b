package io.lull.policy;

/**
 * What it costs that the clients of one service wait for held output: a part of {@link WaitRule}.
 *
 * @param port of the guest, by which the service is known
 * @param clients how many of them there are at once, all told; at least 1
 * @param priceRatio worth of a moment of the whole service, in moments of one that always goes on
 * @param lossRatio what it loses on the average, in the same unit
 */
public record ServiceRule(int port, double clients, double priceRatio, double lossRatio) {
    private static final double MOST = 1e6;

    public ServiceRule {
        Checks.within("service.port", port, 1, 0xFFFF);
        Checks.within("service.clients", clients, 1, 1e12);
        Checks.within("service.priceRatio", priceRatio, 0, MOST);
        Checks.within("service.lossRatio", lossRatio, 0, MOST);
    }
}
