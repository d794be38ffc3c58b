package io.lull.policy.signal;

import io.lull.policy.Checks;

/**
 * The clients of one service of a VM, told from others by the guest's own port, at the end of a sample.
 *
 * <p>A connection waits when its client can do nothing before it gets what the guest has sent it in the open epoch: the
 * answer to its only request, or data that fills its window. One whose client has ever asked again before it had its
 * answer counts as neither waiting nor asking: it does not wait for answers.
 *
 * @param port of the guest, 1 to 65,535
 * @param waiting connections that wait for what the open epoch holds
 * @param asking connections with input that nothing has answered yet
 */
public record ServiceSample(int port, int waiting, int asking) {
    private static final int MOST_PORT = 0xFFFF;

    public ServiceSample {
        Checks.within("service.port", port, 1, MOST_PORT);
        Checks.notNegative("service.waiting", waiting);
        Checks.notNegative("service.asking", asking);
    }
}
