package io.lull.worker.backup;

import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceRecord;
import io.lull.policy.fence.FenceRuling;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.FenceException;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A fence and a standby that tell where a takeover is. */
final class WatchedTakeover {
    /** Where one can die, in this order. */
    enum Point {
        CLAIMING,
        GRANTED,
        NOTED,
        ABOUT_TO_RUN
    }

    private WatchedTakeover() {}

    /** Tells of CLAIMING and GRANTED. */
    record WatchedFence(Fence of, Consumer<Point> reached) implements Fence {
        @Override
        public FenceRuling claim(FenceClaim claim) throws FenceException, InterruptedException {
            reached.accept(Point.CLAIMING);
            FenceRuling ruling = of.claim(claim);
            reached.accept(Point.GRANTED);
            return ruling;
        }

        @Override
        public Optional<FenceRecord> look() throws FenceException, InterruptedException {
            return of.look();
        }

        @Override
        public void expect(Supplier<Optional<FenceClaim>> next) {
            of.expect(next);
        }

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

    /** Tells of ABOUT_TO_RUN. */
    record WatchedStandby(FakeStandby of, Consumer<Point> reached) implements Standby {
        @Override
        public WritableByteChannel stream() {
            return of.stream();
        }

        @Override
        public boolean isAlive() {
            return of.isAlive();
        }

        @Override
        public CompletableFuture<String> ended() {
            return of.ended();
        }

        @Override
        public void markTaken(UUID taker) {
            of.markTaken(taker);
        }

        @Override
        public void run() {
            reached.accept(Point.ABOUT_TO_RUN);
            of.run();
        }

        @Override
        public void awaitRunning(long limitNanos) throws IOException, InterruptedException {
            of.awaitRunning(limitNanos);
        }

        @Override
        public void announceSelf() {
            of.announceSelf();
        }

        @Override
        public void withdraw() {
            of.withdraw();
        }
    }
}
