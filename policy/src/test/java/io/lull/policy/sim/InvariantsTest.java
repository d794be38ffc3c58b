package io.lull.policy.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.TriggerReason;
import java.util.ArrayDeque;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold of every guest under every schedule: checkpoints here come at random times. */
class InvariantsTest {
    private static final long RUN_NANOS = 3 * Runs.SECOND;

    static IntStream seeds() {
        return IntStream.rangeClosed(1, 50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void framesLeaveInOrderAtTheCommitOfTheirEpochAndAtNoOtherTime(int seed) {
        Watched watched = new Watched(seed);

        watched.run();

        assertThat(watched.commits).isGreaterThan(5);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void pausedAndRunningTimeAddUp(int seed) {
        Watched watched = new Watched(seed);

        watched.run();

        long sinceLastPause = watched.vm.nowNanos() - watched.lastPausedAt;
        assertThat(watched.pausedNanos + watched.runningNanos + sinceLastPause).isEqualTo(RUN_NANOS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aProtectedGuestDoesNoMoreThanAnUnprotectedOne(int seed) {
        Watched watched = new Watched(seed);
        SimulatedVm unprotected = new SimulatedVm(watched.vm.workload, watched.vm.cost, seed, true);

        watched.run();
        unprotected.runUntil(RUN_NANOS);

        double all = unprotected.guest.workNanos;
        assertThat(watched.vm.guest.workNanos).isLessThanOrEqualTo(1.03 * all + 5 * Runs.MILLI);
        if (watched.vm.workload.activities().size() == 1) {
            // Beside others an activity may gain what the others, whose output is held, leave to it.
            Progress done = Progress.of(watched.vm.guest);
            Progress most = Progress.of(unprotected.guest);
            double noise = 4 * Math.sqrt(most.answers());
            assertThat(done.answers()).isLessThanOrEqualTo(most.answers() + noise);
            assertThat(done.bytes()).isLessThanOrEqualTo(most.bytes());
            assertThat(done.backgroundRatio(most)).isLessThanOrEqualTo(1);
        }
    }

    /** A random guest with random checkpoints whose gate is watched all the time. */
    private static final class Watched {
        final RandomGuests random;
        final SimulatedVm vm;
        /** Frames that the guest had sent when the epochs that are under way were cut. */
        final ArrayDeque<Long> cuts = new ArrayDeque<>();

        long left;
        long commits;
        long lastPausedAt;
        long lastPauseNanos;
        long pausedNanos;
        long runningNanos;
        long oldestSentAt;

        Watched(long seed) {
            random = new RandomGuests(seed);
            vm = new SimulatedVm(random.workload(), random.cost(), seed, false);
            vm.listen((done, packets, held) -> committed(done, packets));
        }

        void run() {
            long every = random.between(2, 40) * Runs.MILLI;
            while (vm.nowNanos() < RUN_NANOS) {
                vm.runUntil(Math.min(RUN_NANOS, vm.nowNanos() + random.between(1_000, every / 2)));
                look();
                if (vm.isReady() && vm.nowNanos() + vm.cost.orderNanos() < RUN_NANOS && random.between(0, 2) == 0) {
                    vm.checkpoint(TriggerReason.INTERVAL, 0);
                    vm.runUntil(vm.nowNanos() + vm.cost.orderNanos());
                    cuts.add(vm.guest.txPackets);
                    look();
                }
            }
        }

        private void look() {
            assertThat(vm.guest.txPackets - vm.gate.heldPackets).isEqualTo(left);
            if (!vm.gate.isEmptyBefore(vm.gate.end())) {
                assertThat(vm.gate.oldestSentAt()).isGreaterThanOrEqualTo(oldestSentAt);
                oldestSentAt = vm.gate.oldestSentAt();
            }
        }

        private void committed(Checkpoint done, long packets) {
            commits++;
            left += packets;
            long pauseNanos = (long) done.pauseNanos;
            assertThat(done.epoch).isEqualTo(commits);
            double least = pauseNanos + vm.cost.shipNanosOf(done.dirtyPages) + vm.cost.ackNanos();
            assertThat((double) done.commitAt).isGreaterThanOrEqualTo(done.pausedAt + least - 1);
            assertThat(vm.nowNanos()).isEqualTo(done.commitAt);
            assertThat(left).isEqualTo(cuts.removeFirst());
            if (!vm.gate.isEmptyBefore(vm.gate.end())) {
                assertThat(vm.gate.oldestSentAt()).isGreaterThanOrEqualTo(done.pausedAt);
            }
            assertThat(lastPausedAt + lastPauseNanos + done.lengthNanos).isEqualTo(done.pausedAt);
            runningNanos += done.lengthNanos;
            pausedNanos += lastPauseNanos;
            lastPausedAt = done.pausedAt;
            lastPauseNanos = pauseNanos;
        }
    }
}
