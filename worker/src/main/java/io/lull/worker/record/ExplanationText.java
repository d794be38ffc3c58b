package io.lull.worker.record;

import io.lull.policy.Decision;
import io.lull.policy.TriggerReason;
import io.lull.policy.signal.EpochReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes explanations for people. */
public final class ExplanationText {
    private static final double NANOS_PER_MILLI = 1e6;

    private ExplanationText() {}

    /** One paragraph each; ends with a line end. */
    public static String of(List<Explanation> explanations) {
        return explanations.stream().map(ExplanationText::of).collect(Collectors.joining("\n"));
    }

    static String of(Explanation explanation) {
        EpochReport report = explanation.report();
        StringBuilder text = new StringBuilder();
        Instant ended = Instant.EPOCH.plus(report.endedAtMicros(), ChronoUnit.MICROS);
        text.append(format(
                "epoch %d of %s on %s, ended %s after %s of guest time: %s%n",
                report.epoch(), report.vm(), report.hostId(), ended, millis(report.lengthNanos()), report.reason()));
        line(text, "why", sentence(report.reason()));
        decided(text, explanation);
        costs(text, report);
        return text.toString();
    }

    /** What a reason means, as a sentence without its full stop. */
    static String sentence(TriggerReason reason) {
        return switch (reason) {
            case INTERVAL -> "the plan's interval was over";
            case IDLE_SLOT -> "an idle slot: all that was asked had been answered, so a pause cost nothing";
            case IDLE_WEAK -> "the guest had rested for long although a request seemed pending";
            case COMMAND -> "the job sent a command to end this epoch";
            case T_MAX -> "the plan's longest epoch was reached without an idle slot";
            case OUTPUT -> "enough output or disk writes waited, and the link could carry the epoch";
            case DIRTY_LIMIT -> "the plan's limit on dirty pages was reached";
            case WAIT_PRICE -> "to wait for a cheaper moment would have cost more than it saved";
            case DEADLINE -> "the oldest held frame had to leave for the output delay to be kept";
            case DIVERGENCE -> "the second VM did not produce a frame that this one sent";
            case DIRTY_WATERMARK -> "the worker's watermark on dirty pages was reached";
            case HELD_WATERMARK -> "the worker's watermark on held output was reached";
            case FALLBACK -> "no plan of the job held, so the worker used its safe fixed interval";
        };
    }

    private static void decided(StringBuilder text, Explanation explanation) {
        long id = explanation.report().decisionId();
        switch (explanation.source()) {
            case WORKER -> line(text, "decided by", "the worker alone, without a decision of the job");
            case NOT_READ -> line(text, "decided by", "decision " + id + " of the job; a recording holds no decisions");
            case NOT_FOUND ->
                line(
                        text,
                        "decided by",
                        "decision " + id + " of the job, which is not among those that were read;"
                                + " look further back with --back");
            case DECISION -> explanation.decision().ifPresent(decision -> decision(text, explanation, decision));
        }
    }

    private static void decision(StringBuilder text, Explanation explanation, Decision decision) {
        long before = explanation.report().endedAtMicros() - decision.decidedAtMicros();
        line(
                text,
                "decided by",
                format(
                        "decision %d of policy %s (%s), %.3f ms %s the pause, seeing epoch %d",
                        decision.decisionId(),
                        decision.policy(),
                        decision.kind(),
                        Math.abs(before) / 1e3,
                        before >= 0 ? "before" : "after",
                        decision.epoch()));
        line(text, "because", decision.reason().toString());
        line(
                text,
                "it saw",
                decision.inputs().stream()
                        .map(input -> input.name() + " " + number(input.value()))
                        .collect(Collectors.joining(", ")));
        line(text, "it weighed", String.join(", ", decision.candidates()));
        line(text, "guards", String.join(", ", decision.guards()));
    }

    private static void costs(StringBuilder text, EpochReport report) {
        EpochReport.Pause pause = report.pause();
        EpochReport.Trigger trigger = report.trigger();
        line(
                text,
                "trigger",
                format(
                        "%s from signal to decision, %s from there to the pause, vCPUs %.0f %% busy before",
                        millis(trigger.signalToDecisionNanos()),
                        millis(trigger.decisionToPauseNanos()),
                        100 * trigger.busyRatio()));
        line(
                text,
                "pause",
                format(
                        "%s = %s stop + %s pages + %s device state + %s resume; %s of it the worker's own",
                        millis(pause.totalNanos()),
                        millis(pause.stopNanos()),
                        millis(pause.captureNanos()),
                        millis(pause.deviceStateNanos()),
                        millis(pause.resumeNanos()),
                        millis(pause.workerNanos())));
        EpochReport.Held held = report.held();
        line(text, "output", output(held));
        line(
                text,
                "shipped",
                format(
                        "%d dirty pages, %d bytes on the wire, acknowledged %s after the pause began",
                        report.pages().dirtyPages(),
                        report.bytes().shippedBytes(),
                        millis(report.stages().commitNanos())));
    }

    private static String output(EpochReport.Held held) {
        if (!held.known()) {
            return "unknown: the gate sees no frames";
        }
        return held.packets() == 0
                ? "nothing was held"
                : format(
                        "%d frames of %d bytes released, held for %s at most",
                        held.packets(), held.bytes(), millis(held.maxWaitNanos()));
    }

    private static void line(StringBuilder text, String label, String what) {
        if (!what.isEmpty()) {
            text.append(format("  %-11s%s%n", label, what.replace('\n', ' ')));
        }
    }

    private static String millis(long nanos) {
        return format("%.3f ms", nanos / NANOS_PER_MILLI);
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : format("%.4g", value);
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
