package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.config.OnBackupLoss;
import io.lull.worker.output.GateState;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutputRightsTest {
    private static final Optional<GateState> HELD = Optional.of(GateState.HOLDING);
    private static final Optional<GateState> PASSING = Optional.of(GateState.PASSING);

    private final OutputRights strict = new OutputRights(OnBackupLoss.STOP_OUTPUT, false);
    private final OutputRights lenient = new OutputRights(OnBackupLoss.GO_ON_UNPROTECTED, false);

    @Test
    void outputThatWasHeldStaysWithTheWorkerThatLostItsBackup() {
        strict.sessionEnded(false);
        assertThat(strict.flowsWithoutBackup()).isFalse();
        assertThat(strict.flowsAtEnd(HELD)).isFalse();
        assertThat(strict.whyDropped()).contains("may have taken over");
        assertThat(strict.consequence(HELD)).contains("is held");
    }

    @Test
    void outputFlowsAtTheEndWhenTheLastBackupWasToldThatItIsNoLongerNeeded() {
        strict.sessionEnded(false);
        strict.sessionEnded(true);
        assertThat(strict.flowsAtEnd(HELD)).isTrue();
    }

    @Test
    void outputThatWasNeverHeldFlows() {
        assertThat(strict.flowsAtEnd(PASSING)).isTrue();
        assertThat(strict.flowsAtEnd(Optional.empty())).isTrue();
        assertThat(strict.consequence(PASSING)).contains("no checkpoint was taken yet");
        assertThat(strict.consequence(Optional.empty())).contains("network.netdev is empty");
    }

    @Test
    void anOperatorMayChooseServiceBeforeSafety() {
        lenient.sessionEnded(false);
        assertThat(lenient.flowsWithoutBackup()).isTrue();
        assertThat(lenient.flowsAtEnd(HELD)).isTrue();
        assertThat(lenient.consequence(HELD)).contains("flows unprotected");
    }

    @Test
    void withAFenceItSaysThatOutputWaitsForItsWord() {
        OutputRights asking = new OutputRights(OnBackupLoss.GO_ON_UNPROTECTED, true);
        assertThat(asking.consequence(HELD)).contains("until the fence grants");
        assertThat(asking.consequence(PASSING)).contains("flows unprotected");
    }

    @Test
    void aVmThatRunsElsewhereNeverSpeaksHereAgainWhateverWasChosen() {
        lenient.sessionEnded(true);
        lenient.fence();
        assertThat(lenient.flowsAtEnd(HELD)).isFalse();
        assertThat(lenient.flowsAtEnd(PASSING)).isFalse();
        assertThat(lenient.whyDropped()).isEqualTo("it runs on the backup");
    }
}
