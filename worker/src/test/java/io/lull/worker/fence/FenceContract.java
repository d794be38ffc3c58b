package io.lull.worker.fence;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceClaim.Party;
import io.lull.policy.fence.FenceRuling;
import io.lull.policy.fence.FenceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every arbiter must do. A subclass names one; each test has a VM of its own at it. */
public abstract class FenceContract {
    private static final Party RUN = new Party(new UUID(1, 1), "host-a");
    private static final Party BACKUP = new Party(new UUID(2, 1), "host-b");
    private static final UUID SESSION = new UUID(3, 1);
    private static final long LIMIT_SECONDS = 120;
    private static final int MAX_REPEATS = 10;

    /** Another worker's fence of the same VM. */
    protected abstract Fence fence() throws Exception;

    /** How often a race is run. */
    protected abstract int races();

    private static FenceClaim alone() {
        return FenceClaim.goAlone(RUN, "test");
    }

    private static FenceClaim protect(UUID session) {
        return FenceClaim.protect(RUN, session, "test");
    }

    private static FenceClaim take(UUID session) {
        return FenceClaim.take(BACKUP, Set.of(session), "test");
    }

    @Test
    public void theRunOfATakerIsAPrimaryToAllAndALookShowsIt() throws Exception {
        try (Fence primary = fence();
                Fence backup = fence();
                Fence heir = fence()) {
            assertThat(heir.look()).isEmpty();
            primary.claim(protect(SESSION));
            backup.claim(take(SESSION));
            assertThat(heir.look()).isEqualTo(backup.lastSeen());

            assertThat(heir.claim(FenceClaim.goAlone(BACKUP, "test")).granted()).isTrue();
            assertThat(primary.claim(alone()).granted()).isFalse();
            assertThat(backup.look().orElseThrow().state()).isEqualTo(FenceState.ALONE);
        }
    }

    @Test
    public void whatOneWorkerIsGrantedAnotherIsDeniedBy() throws Exception {
        try (Fence primary = fence();
                Fence backup = fence()) {
            assertThat(primary.claim(protect(SESSION)).granted()).isTrue();
            assertThat(backup.claim(take(SESSION)).granted()).isTrue();

            FenceRuling denied = primary.claim(alone());
            assertThat(denied.granted()).isFalse();
            assertThat(denied.record()).isEqualTo(backup.lastSeen());
            assertThat(primary.lastSeen().orElseThrow().state()).isEqualTo(FenceState.TAKEN);
        }
    }

    @Test
    public void aRecordOutlivesTheWorkersThatKnewIt() throws Exception {
        try (Fence primary = fence()) {
            primary.claim(alone());
        }
        try (Fence backup = fence()) {
            FenceRuling denied = backup.claim(take(SESSION));
            assertThat(denied.granted()).isFalse();
            assertThat(denied.record().orElseThrow().run()).contains(RUN.id());
        }
    }

    @Test
    public void whatHoldsAlreadyIsGrantedAgainInTheSameTerm() throws Exception {
        try (Fence primary = fence()) {
            long term = primary.claim(alone()).record().orElseThrow().term();
            assertThat(primary.claim(alone()).record().orElseThrow().term()).isEqualTo(term);
        }
    }

    @Test
    public void ofAPrimaryThatGoesAloneAndABackupThatTakesOverAtOnceOneIsGranted() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        int taken = 0;
        try (Fence primary = fence();
                Fence backup = fence()) {
            for (int i = 0; i < races(); i++) {
                UUID session = new UUID(4, i);
                assertThat(isGranted(primary, protect(session))).isTrue();
                CyclicBarrier start = new CyclicBarrier(2);
                List<Future<Boolean>> won = new ArrayList<>();
                won.add(threads.submit(racing(start, primary, alone())));
                won.add(threads.submit(racing(start, backup, take(session))));
                boolean alone = won.get(0).get(LIMIT_SECONDS, TimeUnit.SECONDS);
                boolean took = won.get(1).get(LIMIT_SECONDS, TimeUnit.SECONDS);

                assertThat(alone ^ took).as("exactly one of race " + i).isTrue();
                taken += took ? 1 : 0;
                if (took) {
                    assertThat(isGranted(backup, FenceClaim.giveBack(BACKUP, "again")))
                            .isTrue();
                }
            }
        } finally {
            threads.shutdownNow();
        }
        System.out.println("the backup won " + taken + " of " + races() + " races");
    }

    private static Callable<Boolean> racing(CyclicBarrier start, Fence fence, FenceClaim claim) {
        return () -> {
            start.await(LIMIT_SECONDS, TimeUnit.SECONDS);
            return isGranted(fence, claim);
        };
    }

    /** As workers do, a claim without an answer is made again. */
    private static boolean isGranted(Fence fence, FenceClaim claim) throws Exception {
        for (int repeats = 0; ; repeats++) {
            try {
                return fence.claim(claim).granted();
            } catch (FenceException e) {
                assertThat(e.inDoubt()).as(e.getMessage()).isTrue();
                assertThat(repeats).as(e.getMessage()).isLessThan(MAX_REPEATS);
            }
        }
    }
}
