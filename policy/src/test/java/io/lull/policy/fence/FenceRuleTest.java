package io.lull.policy.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim.Party;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FenceRuleTest {
    private static final VmId VM = new VmId("db");
    private static final Party RUN = new Party(new UUID(1, 1), "host-a");
    private static final Party OTHER_RUN = new Party(new UUID(1, 2), "host-a");
    private static final Party BACKUP = new Party(new UUID(2, 1), "host-b");
    private static final Party OTHER_BACKUP = new Party(new UUID(2, 2), "host-d");
    private static final UUID SESSION = new UUID(3, 1);
    private static final UUID LATER = new UUID(3, 2);

    private Optional<FenceRecord> last = Optional.empty();

    private FenceRuling ask(FenceClaim claim) {
        FenceRuling ruling = FenceRule.rule(VM, last, claim, 17);
        if (ruling.isNew()) {
            last = ruling.record();
        }
        return ruling;
    }

    private FenceState state() {
        return last.orElseThrow().state();
    }

    private boolean alone(Party run) {
        return ask(FenceClaim.goAlone(run, "test")).granted();
    }

    private boolean isProtected(Party run, UUID session) {
        return ask(FenceClaim.protect(run, session, "test")).granted();
    }

    private boolean taken(Party backup, UUID... sessions) {
        return ask(FenceClaim.take(backup, Set.of(sessions), "test")).granted();
    }

    @Test
    void aNewVmMayGoAloneBeProtectedAndGoAloneAgain() {
        assertThat(alone(RUN)).isTrue();
        assertThat(isProtected(RUN, SESSION)).isTrue();
        assertThat(state()).isEqualTo(FenceState.PRIMARY_PROTECTED);
        assertThat(alone(RUN)).isTrue();
        assertThat(state()).isEqualTo(FenceState.ALONE);
        assertThat(last.orElseThrow().term()).isEqualTo(3);
    }

    @Test
    void theBackupOfTheRecordedSessionTakesOverAndThePrimaryNeverSpeaksAgain() {
        alone(RUN);
        isProtected(RUN, SESSION);

        assertThat(taken(BACKUP, SESSION, LATER)).isTrue();
        assertThat(state()).isEqualTo(FenceState.TAKEN);
        assertThat(last.orElseThrow().taker()).contains(BACKUP.id());
        assertThat(alone(RUN)).isFalse();
        assertThat(isProtected(RUN, LATER)).isFalse();
        assertThat(ask(FenceClaim.leave(RUN, "off")).granted()).isFalse();
    }

    @Test
    void aStaleBackupNeverTakesOverAPrimaryThatWentAloneOrHasAnotherBackup() {
        alone(RUN);
        assertThat(taken(BACKUP, SESSION)).isFalse();
        isProtected(RUN, SESSION);
        isProtected(RUN, LATER);
        assertThat(taken(BACKUP, SESSION)).isFalse();
        assertThat(taken(BACKUP)).isFalse();
        assertThat(taken(BACKUP, LATER)).isTrue();
    }

    @Test
    void whatHoldsAlreadyIsGrantedAgainWithoutANewRecord() {
        alone(RUN);
        assertThat(ask(FenceClaim.goAlone(RUN, "again")).isNew()).isFalse();
        isProtected(RUN, SESSION);
        assertThat(ask(FenceClaim.protect(RUN, SESSION, "again")).isNew()).isFalse();
        taken(BACKUP, SESSION);
        FenceRuling again = ask(FenceClaim.take(BACKUP, Set.of(SESSION), "again"));
        assertThat(again.granted()).isTrue();
        assertThat(again.isNew()).isFalse();
        assertThat(last.orElseThrow().term()).isEqualTo(3);
    }

    @Test
    void anotherQemuOfTheVmGetsNothingUntilTheFirstHasLeft() {
        alone(RUN);
        assertThat(alone(OTHER_RUN)).isFalse();
        assertThat(ask(FenceClaim.leave(OTHER_RUN, "off")).granted()).isFalse();
        assertThat(ask(FenceClaim.leave(RUN, "off")).granted()).isTrue();
        assertThat(alone(OTHER_RUN)).isTrue();
    }

    @Test
    void aQemuThatWasFencedGetsNothingThatAnOperatorFreed() {
        alone(RUN);
        isProtected(RUN, SESSION);
        taken(BACKUP, SESSION);
        assertThat(ask(FenceClaim.reset(new Party(new UUID(9, 9), "operator"), "failback"))
                        .granted())
                .isTrue();

        assertThat(alone(RUN)).isFalse();
        assertThat(isProtected(RUN, LATER)).isFalse();
        assertThat(taken(BACKUP, SESSION)).isFalse();
        ask(FenceClaim.reset(new Party(new UUID(9, 9), "operator"), "again"));
        assertThat(alone(RUN)).isFalse();
        assertThat(alone(OTHER_RUN)).isTrue();
    }

    @Test
    void aQemuThatMadeWayItselfMayComeBack() {
        alone(RUN);
        ask(FenceClaim.leave(RUN, "off"));
        assertThat(alone(RUN)).isTrue();
    }

    @Test
    void onlyWhoTookTheVmGivesItBack() {
        alone(RUN);
        isProtected(RUN, SESSION);
        assertThat(ask(FenceClaim.giveBack(BACKUP, "test")).granted()).isFalse();
        taken(BACKUP, SESSION);
        assertThat(taken(OTHER_BACKUP, SESSION)).isFalse();
        assertThat(ask(FenceClaim.giveBack(OTHER_BACKUP, "test")).granted()).isFalse();

        assertThat(ask(FenceClaim.giveBack(BACKUP, "test")).granted()).isTrue();
        assertThat(state()).isEqualTo(FenceState.PRIMARY_PROTECTED);
        assertThat(last.orElseThrow().session()).contains(SESSION);
        assertThat(last.orElseThrow().barred()).isEmpty();
        assertThat(alone(RUN)).isTrue();
    }

    @Test
    void theRunThatATakerBeganIsAPrimaryLikeAnyAndTheOldOneIsNone() {
        alone(RUN);
        isProtected(RUN, SESSION);
        taken(BACKUP, SESSION);
        assertThat(alone(OTHER_RUN)).isFalse();

        assertThat(alone(BACKUP)).isTrue();
        assertThat(state()).isEqualTo(FenceState.ALONE);
        assertThat(last.orElseThrow().run()).contains(BACKUP.id());
        assertThat(last.orElseThrow().taker()).isEmpty();
        assertThat(alone(RUN)).isFalse();
        assertThat(isProtected(RUN, LATER)).isFalse();
        assertThat(ask(FenceClaim.leave(RUN, "off")).granted()).isFalse();
    }

    @Test
    void aVmThatWasTakenIsProtectedAgainAndTakenBackByItsNewBackupAlone() {
        alone(RUN);
        isProtected(RUN, SESSION);
        taken(BACKUP, SESSION);
        assertThat(isProtected(BACKUP, LATER)).isTrue();
        assertThat(taken(BACKUP, SESSION)).isFalse();
        assertThat(taken(OTHER_BACKUP, SESSION)).isFalse();

        assertThat(taken(OTHER_BACKUP, LATER)).isTrue();
        assertThat(alone(BACKUP)).isFalse();
        assertThat(alone(RUN)).isFalse();
        assertThat(alone(OTHER_BACKUP)).isTrue();
    }

    @Test
    void aTakerWhoseRunIsAPrimaryHasNothingToGiveBack() {
        alone(RUN);
        isProtected(RUN, SESSION);
        taken(BACKUP, SESSION);
        alone(BACKUP);
        assertThat(ask(FenceClaim.giveBack(BACKUP, "test")).granted()).isFalse();
    }

    @Test
    void aTakenVmThatPowersOffMakesWay() {
        alone(RUN);
        isProtected(RUN, SESSION);
        taken(BACKUP, SESSION);
        assertThat(ask(FenceClaim.leave(OTHER_RUN, "off")).granted()).isFalse();
        assertThat(ask(FenceClaim.leave(BACKUP, "off")).granted()).isTrue();
        assertThat(alone(RUN))
                .as("it may still run, and know nothing of all that")
                .isFalse();
        Party next = new Party(new UUID(1, 3), "host-b");
        assertThat(alone(next)).isTrue();
        ask(FenceClaim.leave(next, "off"));
        assertThat(isProtected(RUN, LATER)).isFalse();
    }

    @Test
    void aVmThatWentOffStartsWhereItRanLastUnlessAnOperatorKnowsBetter() {
        alone(RUN);
        isProtected(RUN, SESSION);
        taken(BACKUP, SESSION);
        ask(FenceClaim.leave(BACKUP, "off"));

        FenceRuling elsewhere = ask(FenceClaim.goAlone(OTHER_RUN, "test"));
        assertThat(elsewhere.granted()).isFalse();
        assertThat(elsewhere.reason()).contains("host-b", "newest", "lull fence --free");
        assertThat(isProtected(OTHER_RUN, LATER)).isFalse();

        Party operator = new Party(new UUID(9, 9), "operator");
        assertThat(ask(FenceClaim.reset(operator, "the disk was carried over")).isNew())
                .isTrue();
        assertThat(ask(FenceClaim.reset(operator, "again")).isNew()).isFalse();
        assertThat(alone(OTHER_RUN)).isTrue();
    }

    @Test
    void theNewestRunsThatAVmWasTakenFromAreBarredUpToALimit() {
        Party run = RUN;
        for (int i = 1; i <= FenceRecord.MAX_BARRED + 1; i++) {
            Party next = new Party(new UUID(4, i), "host");
            UUID session = new UUID(5, i);
            assertThat(isProtected(run, session)).isTrue();
            assertThat(taken(next, session)).isTrue();
            assertThat(alone(run)).isFalse();
            run = next;
        }
        assertThat(last.orElseThrow().barred())
                .hasSize(FenceRecord.MAX_BARRED)
                .doesNotContain(RUN.id())
                .startsWith(new UUID(4, 1));
    }

    @Test
    void aDenialSaysWhatIsInTheWay() {
        alone(RUN);
        FenceRuling denied = ask(FenceClaim.take(BACKUP, Set.of(SESSION), "test"));

        assertThat(denied.reason()).contains("clients may have seen past").contains("ALONE (term 1, by host-a: test)");
        assertThat(denied.record()).isEqualTo(last);
    }

    @Test
    void aRecordThatContradictsItselfIsRefused() {
        for (FenceState state : List.of(FenceState.ALONE, FenceState.PRIMARY_PROTECTED, FenceState.TAKEN)) {
            assertThatThrownBy(() -> new FenceRecord(
                            VM, state, 1, Optional.empty(), Optional.empty(), Optional.empty(), "a", "b", 0))
                    .hasMessageContaining(state.name());
        }
        assertThatThrownBy(() -> new FenceClaim(FenceClaim.Kind.PROTECT, RUN, Set.of(), "test"))
                .hasMessageContaining("PROTECT");
    }
}
