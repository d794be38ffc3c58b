package io.lull.local.scenario;

import io.lull.local.LocalStack;
import io.lull.local.client.ClientLog;
import io.lull.policy.signal.EpochReport;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** One line a second in the terminal: what the epochs of that second were, and what the client got. */
public final class LiveView implements AutoCloseable {
    private static final long PERIOD_MILLIS = 1_000;

    private final LocalStack stack;
    private final ClientLog client;
    private final Thread thread = new Thread(this::run, "live-view");
    private volatile boolean closed;
    private int seen;
    private int seconds;
    private long seenReplies;

    private LiveView(LocalStack stack, ClientLog client) {
        this.stack = stack;
        this.client = client;
        this.seen = stack.observed().reportCount();
        thread.setDaemon(true);
    }

    /** Shows the epochs from now on, and how many replies a client got in each second. */
    public static LiveView start(LocalStack stack, ClientLog client) {
        LiveView view = new LiveView(stack, client);
        System.out.println("  s  epochs  length  pause  pages  held-KiB  wait  written-KiB  shipped-KiB  commit"
                + "  client  reasons");
        view.thread.start();
        return view;
    }

    /** A remark between the lines. */
    public void say(String remark) {
        System.out.println("--- " + remark);
    }

    private void run() {
        while (!closed) {
            try {
                Thread.sleep(PERIOD_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            System.out.println(line());
        }
    }

    private String line() {
        List<EpochReport> epochs = stack.observed().reports(seen);
        seen += epochs.size();
        seconds++;
        if (epochs.isEmpty()) {
            return String.format("%3d       0  (no checkpoint)%65s%8s", seconds, "", clientOps());
        }
        EpochSummary sum = EpochSummary.of(epochs);
        String reasons = sum.reasons().entrySet().stream()
                .map(reason -> reason.getKey() + " " + reason.getValue())
                .collect(Collectors.joining(", "));
        long heldBytes = epochs.stream().mapToLong(e -> e.held().bytes()).sum();
        return String.format(
                "%3d  %6d  %6.1f  %5.2f  %5d  %8d  %4.1f  %11d  %11d  %6.2f  %6s  %s",
                seconds,
                epochs.size(),
                sum.lengthP50Millis(),
                sum.pauseP50Millis(),
                sum.dirtyPagesP50(),
                heldBytes >> 10,
                sum.heldP50Millis(),
                sum.writtenBytes() >> 10,
                sum.shippedBytes() >> 10,
                sum.commitP50Millis(),
                clientOps(),
                reasons);
    }

    private String clientOps() {
        try {
            if (client.ended()) {
                return "done";
            }
            long replies = client.replies().orElse(seenReplies);
            long ops = replies - seenReplies;
            seenReplies = replies;
            return ops + "/s";
        } catch (IOException e) {
            // For the eye only: what the client saw is judged at its end.
            return "?";
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
