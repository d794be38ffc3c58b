package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceClaim.Party;
import io.lull.worker.fence.Backoff;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.FenceException;
import io.lull.worker.fence.MemoryArbiter;
import io.lull.worker.fence.MemoryArbiter.Mood;
import io.lull.worker.protocol.HandedOver;
import io.lull.worker.protocol.HandedOver.Result;
import io.lull.worker.protocol.Handover;
import io.lull.worker.qemu.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The primary's half of a switchover, with a real fence's rule: wherever it breaks off, one side at most runs the guest. */
@Timeout(30)
class SwitchoverTest {
    private static final VmId VM = new VmId("db");
    private static final UUID SESSION = new UUID(3, 1);
    private static final Party RUN = new Party(new UUID(1, 1), "a");
    private static final Party BACKUP = new Party(new UUID(2, 1), "b");

    private final MemoryArbiter arbiter = new MemoryArbiter(VM);
    private final Fence backup = arbiter.fence();
    private final List<String> passed = new ArrayList<>();
    private final FencedOutput output = new FencedOutput(VM, arbiter.fence(), RUN, turns(), new Backoff(5, 20));
    private final LastEpoch last = new LastEpoch();
    private final CompletableFuture<Optional<HandedOver>> answer = new CompletableFuture<>();
    private final CompletableFuture<Handover> said = new CompletableFuture<>();
    private Optional<String> ended = Optional.empty();
    private boolean barred;
    private volatile boolean worksOn = true;

    @AfterEach
    void stop() {
        output.close();
    }

    private FencedOutput.Turns turns() {
        return new FencedOutput.Turns() {
            @Override
            public void alone() {
                passed.add("alone");
            }

            @Override
            public void recorded(UUID session) {}

            @Override
            public void fenced(String why) {}

            @Override
            public void unanswered(String why) {}
        };
    }

    private Switchover switchover() {
        Switchover.Side side = new Switchover.Side() {
            @Override
            public LastEpoch standStill() {
                return last;
            }

            @Override
            public CompletableFuture<Optional<HandedOver>> handOver(Handover handover) {
                said.complete(handover);
                return answer;
            }

            @Override
            public void end(String reason) {
                ended = Optional.of(reason);
            }
        };
        Switchover.Vm vm = new Switchover.Vm() {
            @Override
            public void bar() {
                barred = true;
            }

            @Override
            public void unbar() {
                barred = false;
            }

            @Override
            public Optional<Boolean> takeBack(String reason, long limitMillis) throws InterruptedException {
                return switch (output.takeBack(reason, 50)) {
                    case ALONE -> Optional.of(true);
                    case FENCED -> Optional.of(false);
                    case NOTHING, PROTECTED -> Optional.empty();
                };
            }
        };
        return new Switchover(side, vm, System::nanoTime, () -> worksOn);
    }

    private void committed() throws FenceException, InterruptedException {
        assertThat(backup.claim(FenceClaim.protect(RUN, SESSION, "epoch 1")).granted())
                .isTrue();
        assertThat(last.stands(7, System.nanoTime())).isTrue();
        last.acknowledged(7);
    }

    private boolean backupTakes() throws FenceException, InterruptedException {
        return backup.claim(FenceClaim.take(BACKUP, Set.of(SESSION), "handed over"))
                .granted();
    }

    private void answers(Result result) {
        answer.complete(Optional.of(HandedOver.saying(7, result, "test")));
    }

    @Test
    void theGuestStaysWhereItStandsOnceItRunsOnTheBackup() throws Exception {
        committed();
        assertThat(backupTakes()).isTrue();
        answers(Result.RUNS);
        List<SwitchoverReport> told = new ArrayList<>();
        SwitchoverReport report = switchover().carryOut("test", told::add);

        assertThat(said.join()).isEqualTo(new Handover(7, "test"));
        assertThat(report.epoch()).isEqualTo(7);
        assertThat(report.standstillNanos()).isPositive();
        assertThat(told).containsExactly(report);
        assertThat(last.sessionEnds()).isEqualTo(LastEpoch.State.STAYS);
        assertThat(barred).isTrue();
    }

    @Test
    void aBackupThatRefusesLeavesTheSessionAndTheFenceAsTheyWere() throws Exception {
        committed();
        int asked = arbiter.asked();
        answers(Result.REFUSED);
        assertThatThrownBy(() -> switchover().carryOut("test", done -> {}))
                .isInstanceOf(SwitchoverException.class)
                .hasMessageContaining("runs on here");
        assertThat(last.state()).isEqualTo(LastEpoch.State.RUNS_ON);
        assertThat(arbiter.asked()).isEqualTo(asked);
        assertThat(ended).isEmpty();
        assertThat(barred).isFalse();
    }

    @Test
    void withoutAnAnswerTheGuestRunsOnOnlyOnceTheBackupCantTakeItAnyMoreAndNothingIsLetGo() throws Exception {
        committed();
        answer.complete(Optional.empty());
        assertThatThrownBy(() -> switchover().carryOut("test", done -> {})).hasMessageContaining("did not answer");
        assertThat(last.state()).isEqualTo(LastEpoch.State.RUNS_ON);
        assertThat(ended).isPresent();
        assertThat(backupTakes()).as("the backup's late claim").isFalse();
        assertThat(passed).isEmpty();
    }

    @Test
    void aBackupThatFailedAfterTheFenceGrantedItTheVmKeepsTheGuestFromRunningHere() throws Exception {
        committed();
        assertThat(backupTakes()).isTrue();
        answers(Result.FAILED);
        assertThatThrownBy(() -> switchover().carryOut("test", done -> {})).hasMessageContaining("stands still");
        assertThat(last.sessionEnds()).isEqualTo(LastEpoch.State.STAYS);
        assertThat(barred).isTrue();
    }

    @Test
    void whileTheFenceIsSilentTheGuestStandsAndTheSessionThatEndsWaits() throws Exception {
        committed();
        arbiter.mood(Mood.GONE);
        answer.complete(Optional.empty());
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Switchover switchover = switchover();
        Thread operator = new Thread(() -> {
            try {
                switchover.carryOut("test", done -> {});
            } catch (SwitchoverException | InterruptedException e) {
                outcome.complete(e);
            }
        });
        operator.start();
        CompletableFuture<LastEpoch.State> end = CompletableFuture.supplyAsync(() -> {
            said.join();
            return last.sessionEnds();
        });
        Await.until("the fence was asked five times", () -> arbiter.asked() >= 5);
        assertThat(last.state()).isEqualTo(LastEpoch.State.HANDED);
        assertThat(end).isNotDone();
        arbiter.mood(Mood.ANSWERS);
        assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo(LastEpoch.State.RUNS_ON);
        assertThat(outcome.get(10, TimeUnit.SECONDS)).hasMessageContaining("runs on here");
    }

    @Test
    void aWorkerThatIsToldToEndWhileTheFenceIsSilentLeavesTheGuestStanding() throws Exception {
        committed();
        arbiter.mood(Mood.GONE);
        answer.complete(Optional.empty());
        worksOn = false;
        assertThatThrownBy(() -> switchover().carryOut("test", done -> {})).hasMessageContaining("this worker ends");
        assertThat(last.sessionEnds()).isEqualTo(LastEpoch.State.STAYS);
    }

    @Test
    void aSessionThatIsLostBeforeTheBackupIsToldLetsTheGuestRunOn() throws Exception {
        last.stands(7, System.nanoTime());
        last.lost("the backup is gone");
        assertThatThrownBy(() -> switchover().carryOut("test", done -> {})).hasMessageContaining("not committed");
        assertThat(last.state()).isEqualTo(LastEpoch.State.RUNS_ON);
        assertThat(said).isNotDone();
    }

    @Test
    void anEpochThatWasGivenUpNeverStopsTheGuest() {
        last.runOn();
        assertThat(last.stands(8, System.nanoTime())).isFalse();
    }
}
