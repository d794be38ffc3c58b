package io.lull.policy.gerofi;

import static io.lull.policy.rival.TestEpoch.MS;
import static io.lull.policy.rival.TestEpoch.at;
import static io.lull.policy.rival.TestEpoch.hold;
import static io.lull.policy.rival.TestEpoch.report;
import static io.lull.policy.rival.TestEpoch.under;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.Objectives;
import io.lull.policy.TriggerReason;
import io.lull.policy.trigger.TriggerInput;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WorkloadAdaptivePolicyTest {
    private static final int MIN_DIRTY_PAGES = 64;

    private final WorkloadAdaptivePolicy policy =
            new WorkloadAdaptivePolicy(new WorkloadAdaptiveSettings(5 * MS, 200 * MS, 2, 8, 4));
    private final WorkloadAdaptiveState state = linkOf(10_000);

    private static WorkloadAdaptiveState linkOf(double nanosPerPage) {
        WorkloadAdaptiveState state = new WorkloadAdaptiveState();
        state.transfer.transferNanos = 0;
        state.transfer.transferNanosPerPage = nanosPerPage;
        return state;
    }

    private TriggerInput epoch(double dirtyPages) {
        TriggerInput epoch = under(policy.plan(state, Objectives.DEFAULT));
        epoch.dirtyPages = dirtyPages;
        return epoch;
    }

    @Test
    void outputEndsAnEpochOnceTheLinkCanCarryIt() {
        TriggerInput epoch = epoch(1000);
        hold(epoch.sample, 8);

        assertThat(at(epoch, 20 * MS - 1)).isEmpty();
        assertThat(at(epoch, 20 * MS)).contains(TriggerReason.OUTPUT);
    }

    @Test
    void diskWritesCountLikeOutput() {
        TriggerInput epoch = epoch(1000);
        epoch.diskWrites = 4;

        assertThat(at(epoch, 20 * MS)).contains(TriggerReason.OUTPUT);
    }

    @Test
    void fewerThanEnoughFramesAndWritesEndNothing() {
        TriggerInput epoch = epoch(1000);
        hold(epoch.sample, 7);
        epoch.diskWrites = 3;

        assertThat(at(epoch, 100 * MS)).isEmpty();
    }

    @Test
    void theGuestRunsForTheShortestEpochWhateverWaits() {
        TriggerInput epoch = epoch(0);
        hold(epoch.sample, 100);

        assertThat(at(epoch, 5 * MS - 1)).isEmpty();
        assertThat(at(epoch, 5 * MS)).contains(TriggerReason.OUTPUT);
    }

    @Test
    void aGuestThatOnlyComputesIsPausedATransferBeforeTheDeadline() {
        TriggerInput epoch = epoch(5000);

        assertThat(at(epoch, 150 * MS - 1)).isEmpty();
        assertThat(at(epoch, 150 * MS)).contains(TriggerReason.OUTPUT);
    }

    @Test
    void aGuestAtRestIsPausedAtTheLongestEpoch() {
        TriggerInput epoch = epoch(0);

        assertThat(at(epoch, 200 * MS - 1)).isEmpty();
        assertThat(at(epoch, 200 * MS)).contains(TriggerReason.T_MAX);
    }

    @Test
    void learnsTheLinkFromItsReports() {
        WorkloadAdaptiveState learning = policy.initialState();
        for (int i = 0; i < 100; i++) {
            long pages = 100 + 10L * i;
            policy.onReport(learning, report(25 * MS, 4 * MS, 4 * MS + 1000 * pages, pages), Objectives.DEFAULT);
        }

        TriggerInput epoch = under(policy.plan(learning, Objectives.DEFAULT));
        epoch.dirtyPages = 1000;
        hold(epoch.sample, 8);
        // 1000 pages take 1 ms now and not the 57 ms of Remus' link, so T_min is what paces.
        assertThat(at(epoch, 5 * MS)).contains(TriggerReason.OUTPUT);
        assertThat(learning.revision).isPositive();
    }

    @Test
    void aLinkThatStaysAsItIsLeavesThePlanAlone() {
        WorkloadAdaptiveState learning = policy.initialState();
        policy.onReport(learning, report(25 * MS, 4 * MS, 14 * MS, 1000), Objectives.DEFAULT);
        long learned = learning.revision;
        for (int i = 0; i < 100; i++) {
            policy.onReport(learning, report(25 * MS, 4 * MS, 14 * MS, 1000), Objectives.DEFAULT);
        }

        assertThat(learning.revision).isEqualTo(learned);
    }

    @Test
    void decidesAsTheReconstructionWritesItForAnyEpoch() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            TriggerInput epoch = epoch(random.nextInt(4) == 0 ? random.nextInt(100) : random.nextInt(30_000));
            hold(epoch.sample, random.nextInt(16));
            epoch.diskWrites = random.nextInt(8);
            long elapsedNanos = random.nextInt(4) == 0 ? 200 * MS + random.nextInt(3) - 1 : random.nextInt(250) * MS;
            boolean waits = epoch.sample.heldPackets >= 8 || epoch.diskWrites >= 4;

            boolean fires = at(epoch, elapsedNanos).isPresent();

            // The one divergence: the deadline holds for output that a slow link keeps waiting, too.
            boolean atDeadline = waits && asWritten(elapsedNanos, false, epoch.dirtyPages);
            assertThat(fires)
                    .as("seed " + seed + ", case " + i)
                    .isEqualTo(atDeadline || asWritten(elapsedNanos, waits, epoch.dirtyPages));
        }
    }

    /** The pseudo-code line by line, with D_min: {@link WorkloadAdaptivePolicy} leaves that out and decides the same. */
    private static boolean asWritten(long e, boolean waits, double dirtyPages) {
        double transferNanos = 10_000 * dirtyPages;
        if (e < 5 * MS) {
            return false;
        }
        if (waits) {
            return e >= 2 * transferNanos;
        } else if (transferNanos >= 200 * MS - e) {
            return true;
        } else {
            return e >= 200 * MS && dirtyPages >= MIN_DIRTY_PAGES;
        }
    }
}
