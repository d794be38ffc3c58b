package io.lull.policy.sim;

import io.lull.policy.LeasedPlan;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.trigger.TriggerInput;
import java.util.ArrayDeque;
import java.util.Optional;

/** Plans and commands on their way to the worker: delayed, lost and repeated; they keep their order, as a partition does. */
final class Mailbox {
    /** With this many under way the oldest is lost: nobody waits that long. */
    private static final int MOST = 1024;

    private final ControlPath path;
    private final Draws draws;
    private final ArrayDeque<Letter> underWay = new ArrayDeque<>();
    private long lastArrivesAt;

    /** One message; either a plan or a command. */
    private record Letter(long arrivesAtNanos, Optional<LeasedPlan> plan, Optional<EndEpoch> command) {}

    Mailbox(ControlPath path, Draws draws) {
        this.path = path;
        this.draws = draws;
    }

    void send(long nowNanos, LeasedPlan plan) {
        send(nowNanos, Optional.of(plan), Optional.empty());
    }

    void send(long nowNanos, EndEpoch command) {
        send(nowNanos, Optional.empty(), Optional.of(command));
    }

    private void send(long nowNanos, Optional<LeasedPlan> plan, Optional<EndEpoch> command) {
        if (draws.uniform() < path.lostRatio()) {
            return;
        }
        long takes = (long) draws.delay(path.delayP50Nanos(), path.delayP99Nanos());
        lastArrivesAt = Math.max(lastArrivesAt, nowNanos + takes);
        underWay.add(new Letter(lastArrivesAt, plan, command));
        if (draws.uniform() < path.repeatedRatio()) {
            underWay.add(new Letter(lastArrivesAt, plan, command));
        }
        while (underWay.size() > MOST) {
            underWay.removeFirst();
        }
    }

    /** Hands over what has arrived by now; an older plan never replaces a newer one. */
    void deliver(long nowNanos, TriggerInput input) {
        while (!underWay.isEmpty() && underWay.peekFirst().arrivesAtNanos() <= nowNanos) {
            Letter letter = underWay.removeFirst();
            if (letter.plan().isPresent()) {
                long planId = letter.plan().get().planId();
                if (input.plan.isEmpty() || input.plan.get().planId() < planId) {
                    input.plan = letter.plan();
                }
            }
            if (letter.command().isPresent()) {
                input.command = letter.command();
            }
        }
    }
}
