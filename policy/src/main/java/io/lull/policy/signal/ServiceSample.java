package io.lull.policy.signal;

import io.lull.policy.Checks;

/**
 * The clients of one service of a VM, told from others by the guest's own port, at the end of a sample.
 *
 * <p>A connection waits when its client can do nothing before it gets what the guest has sent it in the open epoch: the
 * answer to its only request, data that fills its window, or the acknowledgement of all that it has uploaded. One whose client has ever asked again before it had its
 * answer counts as neither waiting nor asking: it does not wait for answers.
 *
 * @param port of the guest, 1 to 65,535
 * @param waiting connections that wait for what the open epoch holds
 * @param held connections that wait for what is held of any epoch, at least {@code waiting}
 * @param asking further ones that the guest owes something: an answer, more of a flow, or what an upload needs to go on
 */
public record ServiceSample(int port, int waiting, int held, int asking) {
    private static final int MOST_PORT = 0xFFFF;

    public ServiceSample {
        Checks.within("service.port", port, 1, MOST_PORT);
        Checks.notNegative("service.waiting", waiting);
        Checks.within("service.held", held, waiting, Integer.MAX_VALUE);
        Checks.notNegative("service.asking", asking);
    }
}
