package io.lull.local.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.local.Await;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceRecord;
import io.lull.policy.fence.FenceRuling;
import io.lull.worker.backup.FailoverMode;
import io.lull.worker.backup.FailoverReport;
import io.lull.worker.backup.HotStandby;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.FenceException;
import io.lull.worker.fence.kafka.KafkaFence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a takeover takes from the decision to the running guest, with a real guest, a hot standby and the fence in a real
 * broker of this JVM: with the claim begun ahead, as it is, and without that, in turn.
 *
 * <p>A benchmark, and so run by its name alone, on a machine that does nothing else; {@code -Drounds} of each.
 */
@Tag("guest")
class TakeoverBenchmark {
    private static final int ROUNDS = Integer.getInteger("rounds", 10);
    private static final long LIMIT_MILLIS = 60_000;
    private static final double MOST_MILLIS = 50;

    @TempDir
    private Path folder;

    @Test
    void aGuestRunsWithin50MsOfTheDecisionAtTheMedian() throws Exception {
        long[][] whole = new long[2][ROUNDS];
        long[][] fence = new long[2][ROUNDS];
        for (int round = 0; round < 2 * ROUNDS; round++) {
            boolean ahead = round % 2 == 0;
            FailoverReport report = takeover(Files.createDirectory(folder.resolve("round" + round)), ahead);
            whole[round % 2][round / 2] = report.decisionToResumeNanos();
            fence[round % 2][round / 2] = report.fenceNanos().orElseThrow();
            System.out.printf(
                    "%s: %.1f ms, of them %.1f for the fence%n",
                    ahead ? "ahead" : "all steps",
                    report.decisionToResumeNanos() / 1e6,
                    report.fenceNanos().orElseThrow() / 1e6);
        }
        double medianMillis = print("begun ahead: decision to running guest", whole[0]);
        print("begun ahead: of that the fence", fence[0]);
        print("all steps:   decision to running guest", whole[1]);
        print("all steps:   of that the fence", fence[1]);
        assertThat(medianMillis).isLessThanOrEqualTo(MOST_MILLIS);
    }

    private static FailoverReport takeover(Path folder, boolean ahead) throws Exception {
        try (FencedGuest fenced = new FencedGuest(folder);
                FaultGuest guest = FaultGuest.boot(folder);
                KafkaFence asked = fenced.fence();
                TestBackup backup = fenced.backup(guest, FailoverMode.AUTO, ahead ? asked : new NothingAhead(asked));
                RunningAgent worker = fenced.worker(guest, backup.port());
                IncrLoop client = new IncrLoop(guest.redisPort())) {
            worker.events().await(ReplicationEvent.Kind.PROTECTED, 1, LIMIT_MILLIS);
            Await.until("a hot standby", LIMIT_MILLIS, () -> backup.standbyState() == HotStandby.State.READY);
            Await.until("the client is served", LIMIT_MILLIS, () -> client.replies() > 20);
            backup.awaitCommits(40);
            if (ahead) {
                Await.until("the claim is begun", LIMIT_MILLIS, asked::hasBegun);
            } else {
                // As long as the other kind waits at most.
                Await.pass(5_000);
            }
            guest.qemu().kill();
            FailoverReport report = backup.backup().takenOver().get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
            backup.backup().running().orElseThrow().withdraw();
            return report;
        }
    }

    /** A fence for which nothing is done ahead. */
    private record NothingAhead(Fence of) implements Fence {
        @Override
        public FenceRuling claim(FenceClaim claim) throws FenceException, InterruptedException {
            return of.claim(claim);
        }

        @Override
        public Optional<FenceRecord> look() throws FenceException, InterruptedException {
            return of.look();
        }

        @Override
        public void expect(Supplier<Optional<FenceClaim>> next) {}

        @Override
        public Optional<FenceRecord> lastSeen() {
            return of.lastSeen();
        }

        @Override
        public boolean isShared() {
            return of.isShared();
        }

        @Override
        public void close() {
            of.close();
        }
    }

    /** The median, in milliseconds. */
    private static double print(String what, long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        double medianMillis = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2e6;
        System.out.printf(
                "%-40s min %6.1f ms  p50 %6.1f ms  max %6.1f ms  of %d%n",
                what, sorted[0] / 1e6, medianMillis, sorted[sorted.length - 1] / 1e6, sorted.length);
        return medianMillis;
    }
}
