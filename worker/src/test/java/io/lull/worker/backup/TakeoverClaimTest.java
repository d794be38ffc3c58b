package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceClaim.Party;
import io.lull.policy.fence.FenceState;
import io.lull.worker.fence.Backoff;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.MemoryArbiter;
import io.lull.worker.qemu.Await;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a backup leaves at the fence when a takeover comes to nothing. */
@Timeout(60)
class TakeoverClaimTest {
    private static final Party RUN = new Party(new UUID(1, 1), "host-a");
    private static final Party SELF = new Party(new UUID(2, 1), "host-b");
    private static final UUID SESSION = new UUID(3, 1);
    private static final long PATIENCE_MILLIS = 300;

    private final MemoryArbiter arbiter = new MemoryArbiter(TestVm.ID);
    private final Fence primary = arbiter.fence();

    private TakeoverClaim claimAt(Fence fence) {
        return new TakeoverClaim(new FenceSeat(fence, SELF), TakeoverClaim.Patience.DEFAULT, false);
    }

    @Test
    void aClaimThatWasInterruptedAfterItWasRecordedIsGivenBack() throws Exception {
        primary.claim(FenceClaim.protect(RUN, SESSION, "epoch 1"));
        TakeoverClaim claim = claimAt(new InterruptedFence(arbiter.fence()));
        assertThatThrownBy(() -> claim.ask(Set.of(SESSION), "test", () -> false))
                .isInstanceOf(InterruptedException.class);
        assertThat(arbiter.last().orElseThrow().state()).isEqualTo(FenceState.TAKEN);

        claim.giveBack("nothing runs here");

        assertThat(arbiter.last().orElseThrow().state()).isEqualTo(FenceState.PRIMARY_PROTECTED);
        assertThat(primary.claim(FenceClaim.goAlone(RUN, "lost")).granted()).isTrue();
    }

    @Test
    void aClaimInDoubtIsAskedForUntilThereIsAnAnswerHoweverLateAndWhoeverIsBack() throws Exception {
        primary.claim(FenceClaim.protect(RUN, SESSION, "epoch 1"));
        TakeoverClaim claim = impatient();
        arbiter.mood(MemoryArbiter.Mood.LOSES_ANSWERS);
        CompletableFuture<TakeoverClaim.Outcome> outcome = asks(claim);
        Await.until("the claim is in doubt", () -> arbiter.asked() > 1);
        arbiter.mood(MemoryArbiter.Mood.GONE);
        // Twenty more with at least 20 ms before each: longer than it has patience for without a doubt.
        int before = arbiter.asked();
        Await.until("it is asked on", () -> arbiter.asked() > before + 20);
        assertThat(outcome).isNotDone();

        arbiter.mood(MemoryArbiter.Mood.ANSWERS);
        assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo(TakeoverClaim.Outcome.GRANTED);
    }

    @Test
    void aClaimThatCanNotHaveBeenGrantedIsGivenUpInTheEnd() throws Exception {
        primary.claim(FenceClaim.protect(RUN, SESSION, "epoch 1"));
        arbiter.mood(MemoryArbiter.Mood.GONE);
        TakeoverClaim claim = impatient();
        assertThat(claim.ask(Set.of(SESSION), "test", () -> false).outcome())
                .isEqualTo(TakeoverClaim.Outcome.UNANSWERED);
    }

    private TakeoverClaim impatient() {
        return new TakeoverClaim(
                new FenceSeat(arbiter.fence(), SELF),
                new TakeoverClaim.Patience(PATIENCE_MILLIS, new Backoff(20, 50)),
                false);
    }

    /** On a thread of its own, with a primary that is back all the time. */
    private static CompletableFuture<TakeoverClaim.Outcome> asks(TakeoverClaim claim) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return claim.ask(Set.of(SESSION), "test", () -> true).outcome();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void aClaimThatWasDeniedOrNeverMadeAsksForNothingMore() throws Exception {
        TakeoverClaim claim = claimAt(arbiter.fence());
        claim.giveBack("nothing runs here");
        assertThat(arbiter.asked()).isZero();
        primary.claim(FenceClaim.goAlone(RUN, "alone"));
        assertThat(claim.ask(Set.of(SESSION), "test", () -> false).outcome()).isEqualTo(TakeoverClaim.Outcome.DENIED);
        int asked = arbiter.asked();
        claim.giveBack("nothing runs here");
        assertThat(arbiter.asked()).isEqualTo(asked);
    }
}
