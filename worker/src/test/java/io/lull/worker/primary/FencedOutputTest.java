package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceClaim.Party;
import io.lull.policy.fence.FenceState;
import io.lull.worker.fence.Backoff;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.MemoryArbiter;
import io.lull.worker.fence.MemoryArbiter.Mood;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FencedOutputTest {
    private static final VmId VM = new VmId("db");
    private static final Party RUN = new Party(new UUID(1, 1), "host-a");
    private static final Party BACKUP = new Party(new UUID(2, 1), "host-b");
    private static final UUID SESSION = new UUID(3, 1);
    private static final long LIMIT_MILLIS = 10_000;

    private final MemoryArbiter arbiter = new MemoryArbiter(VM);
    private final Fence backup = arbiter.fence();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final FencedOutput output = worker();

    private FencedOutput worker() {
        return new FencedOutput(VM, arbiter.fence(), RUN, new Heard(), new Backoff(5, 20));
    }

    private boolean bug;

    private final class Heard implements FencedOutput.Turns {
        @Override
        public void alone() {
            if (bug) {
                bug = false;
                throw new IllegalStateException("a bug, says the test");
            }
            heard.add("alone");
        }

        @Override
        public void recorded(UUID session) {
            heard.add("recorded");
        }

        @Override
        public void fenced(String why) {
            heard.add("fenced");
        }

        @Override
        public void unanswered(String why) {
            heard.add("unanswered");
        }
    }

    @AfterEach
    void close() {
        output.close();
    }

    private void settle() throws InterruptedException {
        assertThat(output.awaitAnswer(LIMIT_MILLIS)).isTrue();
    }

    private void await(String word) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT_MILLIS * 1_000_000;
        while (!heard.contains(word) && System.nanoTime() - deadline < 0) {
            Thread.sleep(1);
        }
        assertThat(heard).contains(word);
    }

    private boolean taken() throws Exception {
        return backup.claim(FenceClaim.take(BACKUP, Set.of(SESSION), "test")).granted();
    }

    @Test
    void outputLeavesOnceItIsRecordedThatTheVmIsAlone() throws Exception {
        output.goAlone("new");
        settle();

        assertThat(heard).containsExactly("alone");
        assertThat(arbiter.last().orElseThrow().state()).isEqualTo(FenceState.ALONE);
        assertThat(taken()).isFalse();
    }

    @Test
    void aBugWhenTheAnswerIsTakenInDoesNotEndTheAsking() throws Exception {
        bug = true;
        output.goAlone("new");
        settle();
        output.sessionBegins();
        output.protect(SESSION, "epoch 1");
        await("recorded");

        assertThat(heard).contains("unanswered").endsWith("recorded");
    }

    @Test
    void aBackupMayTakeOverOnceItsFirstCommitIsRecordedAndThenThePrimaryIsFenced() throws Exception {
        output.goAlone("new");
        settle();
        output.sessionBegins();
        output.protect(SESSION, "epoch 1");
        await("recorded");
        assertThat(output.standing()).isEqualTo(FenceStanding.PROTECTED);

        assertThat(taken()).isTrue();
        output.goAlone("the backup is lost");
        await("fenced");
        output.goAlone("again");
        output.protect(SESSION, "again");
        assertThat(output.standing()).isEqualTo(FenceStanding.FENCED);
        assertThat(heard).containsExactly("alone", "recorded", "fenced");
    }

    @Test
    void outputIsHeldAndAskedForAgainWhileTheFenceIsGone() throws Exception {
        output.protect(SESSION, "epoch 1");
        await("recorded");
        arbiter.mood(Mood.GONE);
        int before = arbiter.asked();
        output.goAlone("the backup is lost");
        await("unanswered");
        while (arbiter.asked() < before + 3) {
            Thread.sleep(1);
        }
        assertThat(heard).as("said once").containsExactly("recorded", "unanswered");

        arbiter.mood(Mood.ANSWERS);
        await("alone");
    }

    @Test
    void aGrantThatComesWhenTheNextSessionHasBegunLetsNothingGo() throws Exception {
        output.protect(SESSION, "epoch 1");
        await("recorded");
        arbiter.mood(Mood.LOSES_ANSWERS);
        output.goAlone("the backup is lost");
        await("unanswered");
        output.sessionBegins();
        arbiter.mood(Mood.ANSWERS);
        settle();

        assertThat(heard).doesNotContain("alone");
        assertThat(taken()).as("it was recorded all the same").isFalse();
        output.protect(new UUID(3, 2), "epoch 7");
        settle();
        assertThat(output.standing()).isEqualTo(FenceStanding.PROTECTED);
    }

    @Test
    void whoWasAloneBeforeASessionWithoutACommitIsAloneAtOnceAfterIt() throws Exception {
        output.goAlone("new");
        settle();
        output.sessionBegins();
        arbiter.mood(Mood.GONE);
        output.goAlone("the backup is lost");

        assertThat(heard).containsExactly("alone", "alone");
    }

    @Test
    void whoHasAskedToBeProtectedIsNotAloneUntilThatIsGrantedAgain() throws Exception {
        output.goAlone("new");
        settle();
        arbiter.mood(Mood.GONE);
        output.protect(SESSION, "epoch 1");
        output.goAlone("the backup is lost");
        await("unanswered");
        assertThat(heard).containsExactly("alone", "unanswered");
    }

    @Test
    void aWorkerThatFindsTheGateOfAnEarlierOneGoesOnWhereThatWas() throws Exception {
        output.protect(SESSION, "epoch 1");
        await("recorded");
        output.close();
        try (FencedOutput successor = worker()) {
            successor.goAlone("no backup");
            assertThat(successor.awaitAnswer(LIMIT_MILLIS)).isTrue();
            assertThat(heard).containsExactly("recorded", "alone");
        }
    }

    @Test
    void aVmThatIsOffMakesWayForItsNextRun() throws Exception {
        output.goAlone("new");
        settle();
        assertThat(output.leave("off", LIMIT_MILLIS)).isTrue();
        Party next = new Party(new UUID(1, 2), "host-a");
        assertThat(backup.claim(FenceClaim.goAlone(next, "next")).granted()).isTrue();
    }
}
