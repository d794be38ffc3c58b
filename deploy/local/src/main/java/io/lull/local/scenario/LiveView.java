package io.lull.local.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lull.local.LocalStack;
import io.lull.policy.signal.EpochReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** One line a second in the terminal: what the epochs of that second were, and what the client got. */
public final class LiveView implements AutoCloseable {
    private static final long PERIOD_MILLIS = 1_000;

    private final LocalStack stack;
    private final Path clientLog;
    private final Thread thread = new Thread(this::run, "live-view");
    private volatile boolean closed;
    private int seen;
    private int seconds;

    private LiveView(LocalStack stack, Path clientLog) {
        this.stack = stack;
        this.clientLog = clientLog;
        this.seen = stack.observed().reportCount();
        thread.setDaemon(true);
    }

    /** Shows the epochs from now on, and the {@code ops} of the newest line of a client's log. */
    public static LiveView start(LocalStack stack, Path clientLog) {
        LiveView view = new LiveView(stack, clientLog);
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
            List<String> lines = Files.readAllLines(clientLog, StandardCharsets.UTF_8);
            if (!lines.isEmpty()) {
                JsonNode last = new JsonMapper().readTree(lines.get(lines.size() - 1));
                return last.has("ops") ? last.path("ops").asText() + "/s" : "done";
            }
        } catch (IOException e) {
            // A half-written line: the next second shows it.
            return "?";
        }
        return "-";
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
