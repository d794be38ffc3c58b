package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceClaim.Party;
import io.lull.policy.fence.FenceRecord;
import io.lull.policy.fence.FenceRule;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TakingTest {
    private static final VmId VM = new VmId("db");
    private static final Party RUN = new Party(new UUID(1, 1), "host-a");
    private static final Party BACKUP = new Party(new UUID(2, 1), "host-b");
    private static final Party LATER_BACKUP = new Party(new UUID(2, 2), "host-a");
    private static final UUID SESSION = new UUID(3, 1);
    private static final UUID LATER = new UUID(3, 2);

    private Optional<FenceRecord> last = Optional.empty();

    private Taking taken() {
        ask(FenceClaim.protect(RUN, SESSION, "test"));
        ask(FenceClaim.take(BACKUP, Set.of(SESSION), "test"));
        return Taking.of(last.orElseThrow()).orElseThrow();
    }

    private void ask(FenceClaim claim) {
        last = FenceRule.rule(VM, last, claim, 0).record();
    }

    @Test
    void itIsFoundAgainInWhatIsWrittenOfIt() {
        Taking taking = taken();
        assertThat(Taking.in("Somebody took it.\n" + taking.text())).contains(taking);
        assertThat(Taking.in("")).isEmpty();
        assertThat(Taking.in("taken by somebody, term 3\n")).isEmpty();
    }

    @Test
    void theVmIsTheTakersWhileItsRunHasIt() {
        Taking taking = taken();
        assertThat(taking.successor(last)).isEmpty();
        ask(FenceClaim.goAlone(BACKUP, "test"));
        assertThat(taking.successor(last)).isEmpty();
        ask(FenceClaim.protect(BACKUP, LATER, "test"));
        assertThat(taking.successor(last)).isEmpty();
    }

    @Test
    void itIsAnothersOnceItsNextBackupHasIt() {
        Taking taking = taken();
        ask(FenceClaim.protect(BACKUP, LATER, "test"));
        ask(FenceClaim.take(LATER_BACKUP, Set.of(LATER), "test"));
        assertThat(taking.successor(last).orElseThrow()).contains("TAKEN").contains("host-a");
        ask(FenceClaim.goAlone(LATER_BACKUP, "test"));
        assertThat(taking.successor(last).orElseThrow()).contains("ALONE");
    }

    @Test
    void aVmThatNobodyHasMayStillBeTheTakers() {
        Taking taking = taken();
        ask(FenceClaim.reset(RUN, "test"));
        assertThat(taking.successor(last)).isEmpty();
    }

    @Test
    void aFenceThatHasForgottenTheTakeoverSaysNothingAgainstIt() {
        Optional<FenceRecord> before = FenceRule.rule(VM, Optional.empty(), FenceClaim.protect(RUN, SESSION, "test"), 0)
                .record();
        Taking taking = taken();
        assertThat(taking.successor(before)).isEmpty();
        assertThat(taking.successor(Optional.empty())).isEmpty();
    }
}
