package io.lull.worker.fence.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceClaim.Party;
import io.lull.policy.fence.FenceRecord;
import io.lull.policy.fence.FenceRule;
import io.lull.schemas.topic.Topics;
import io.lull.worker.fence.FenceException;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KnownRecordTest {
    private static final VmId VM = new VmId("db");
    private static final UUID SESSION = new UUID(3, 1);

    private final KnownRecord known = new KnownRecord(Topics.DEFAULT.fence());

    private static FenceRecord protects(long run, Optional<FenceRecord> before) {
        FenceClaim claim = FenceClaim.protect(new Party(new UUID(1, run), "host-a"), SESSION, "test");
        return FenceRule.rule(VM, before, claim, 1).record().orElseThrow();
    }

    @Test
    void takesTheSameRecordAgainAndNewerOnes() throws Exception {
        FenceRecord first = protects(1, Optional.empty());
        known.wrote(first);
        assertThat(known.read(Optional.of(first))).contains(first);

        FenceRecord second = FenceRule.rule(
                        VM, Optional.of(first), FenceClaim.goAlone(new Party(new UUID(1, 1), "host-a"), "test"), 2)
                .record()
                .orElseThrow();
        assertThat(known.read(Optional.of(second))).contains(second);
        assertThat(known.record()).contains(second);
    }

    @Test
    void refusesAnOlderRecordAndAnotherInItsPlace() {
        FenceRecord mine = protects(1, Optional.empty());
        FenceRecord others = protects(2, Optional.empty());
        assertThat(others.term()).isEqualTo(mine.term());
        known.wrote(mine);

        assertThatThrownBy(() -> known.read(Optional.empty())).isInstanceOf(FenceException.class);
        assertThatThrownBy(() -> known.read(Optional.of(others)))
                .isInstanceOf(FenceException.class)
                .hasMessageContaining("has lost records");
        assertThat(known.record()).contains(mine);
    }
}
