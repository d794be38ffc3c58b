package io.lull.policy;

/**
 * What it costs that bulk flows stand still beside other services of a VM, because their windows are full of held frames:
 * a part of {@link WaitRule}.
 *
 * @param priceRatio share of the VM that counts as lost while all its flows stand still; 0 where there are none
 * @param fullWindows connections whose windows are full when all its flows stand still; at least 1
 */
public record FlowRule(double priceRatio, double fullWindows) {
    /** No flows. */
    public static final FlowRule NONE = new FlowRule(0, 1);

    public FlowRule {
        Checks.within("flows.priceRatio", priceRatio, 0, 1);
        Checks.within("flows.fullWindows", fullWindows, 1, 1e12);
    }
}
