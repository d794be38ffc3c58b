package io.lull.worker.backup;

import io.lull.policy.fence.FenceClaim;
import io.lull.worker.protocol.HandedOver;
import io.lull.worker.protocol.Handover;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.LossKind;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that makes a backup take over: the rule after a session's end, an operator's word, and what a primary hands over. */
final class Takeovers {
    private static final Logger log = LoggerFactory.getLogger(Takeovers.class);

    private final BackupOptions options;
    private final BackupParts parts;
    private final Failover failover;
    private final Admission admission;
    private final ApplyLoop apply;
    private final Committer committer;
    private final LongSupplier nanoClock;
    private final CompletableFuture<FailoverReport> takenOver = new CompletableFuture<>();

    Takeovers(
            BackupOptions options,
            BackupParts parts,
            Failover failover,
            Admission admission,
            ApplyLoop apply,
            Committer committer,
            LongSupplier nanoClock) {
        this.options = options;
        this.parts = parts;
        this.failover = failover;
        this.admission = admission;
        this.apply = apply;
        this.committer = committer;
        this.nanoClock = nanoClock;
    }

    /** Applies the rule on a thread of its own, since complete epochs may still be on their way into the image. */
    void sessionLost(Hello hello, LossKind kind) {
        onThread("lull-failover-rule", () -> decideAfter(hello, kind));
    }

    private void decideAfter(Hello hello, LossKind kind) {
        try {
            FailoverRule.Basis basis = apply.call(committer::basis);
            FailoverRule.Verdict verdict = FailoverRule.decide(new FailoverRule.Situation(
                    options.mode(),
                    kind,
                    basis,
                    hello.onBackupLoss(),
                    parts.fence().isPresent()));
            log.info("Takeover of {}: {}, {}", options.vm(), verdict.takeOver() ? "yes" : "no", verdict.reason());
            parts.listener().judged(verdict);
            if (verdict.takeOver()) {
                now(verdict.reason());
            }
        } catch (FailoverException e) {
            log.error("Takeover of {}: {}", options.vm(), e.getMessage());
        } catch (IOException | InterruptedException e) {
            log.info("Takeover of {} is not decided: {}", options.vm(), e.getMessage());
        }
    }

    /** The claim that a takeover would make now; empty where there can be none. */
    Optional<FenceClaim> likely(FenceClaim.Party self) {
        boolean fit = parts.launcher().isPresent()
                && !failover.isOver()
                && !committer.sessions().isEmpty();
        return fit ? Optional.of(FenceClaim.take(self, committer.sessions(), "ahead of a takeover")) : Optional.empty();
    }

    /** Takes over, on the caller's thread; see {@link Backup#takeOver}. */
    FailoverReport now(String reason) throws FailoverException, InterruptedException {
        long decidedNanos = nanoClock.getAsLong();
        if (parts.launcher().isEmpty()) {
            throw new FailoverException("no standby command is configured; this host can't run the VM");
        }
        failover.decide(reason);
        return carryOut(admission.current(), decidedNanos, reason);
    }

    /** Goes on with a takeover that an earlier process had begun, on a thread of its own, since the fence may be long in answering. */
    void goOn() {
        onThread("lull-takeover-goes-on", () -> {
            try {
                now("a takeover that was cut off before the VM was told to run goes on");
            } catch (FailoverException e) {
                log.error("Takeover of {}: {}", options.vm(), e.getMessage());
            } catch (InterruptedException e) {
                log.info("Takeover of {} is not gone on with: {}", options.vm(), e.getMessage());
            }
        });
    }

    /**
     * Runs what a primary hands over, on a thread of its own, since the session's goes on to listen.
     *
     * @return why not; empty when the session will be told what came of it
     */
    Optional<String> handedOver(BackupSession session, Handover handover) {
        long decidedNanos = nanoClock.getAsLong();
        String reason = "the primary hands epoch " + handover.epoch() + " over: " + handover.why();
        if (parts.launcher().isEmpty()) {
            return Optional.of("no standby command is configured; that host can't run the VM");
        }
        try {
            failover.decide(reason);
        } catch (FailoverException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        onThread("lull-handover", () -> session.handedOver(runHandedOver(handover, decidedNanos, reason)));
        return Optional.empty();
    }

    private HandedOver runHandedOver(Handover handover, long decidedNanos, String reason) {
        try {
            FailoverReport report = carryOut(Optional.empty(), decidedNanos, reason);
            return HandedOver.saying(
                    handover.epoch(),
                    HandedOver.Result.RUNS,
                    "the VM runs since " + report.decisionToResumeNanos() / 1000 + " us after the word");
        } catch (FailoverException | RuntimeException | Error e) {
            log.error("Handover of {}: {}", options.vm(), e.getMessage());
            return HandedOver.saying(handover.epoch(), HandedOver.Result.FAILED, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return HandedOver.saying(handover.epoch(), HandedOver.Result.FAILED, "interrupted");
        }
    }

    private FailoverReport carryOut(Optional<BackupSession> toEnd, long decidedNanos, String reason)
            throws FailoverException, InterruptedException {
        try {
            FailoverReport report = failover.carryOut(toEnd, decidedNanos, reason);
            log.info("Takeover of {} done: {}", options.vm(), report);
            takenOver.complete(report);
            return report;
        } catch (FailoverException | InterruptedException | RuntimeException | Error e) {
            if (failover.isOver()) {
                takenOver.completeExceptionally(e);
            }
            throw e;
        }
    }

    /** Completes when a takeover is over, whoever decided it. */
    CompletableFuture<FailoverReport> done() {
        return takenOver.copy();
    }

    private static void onThread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
