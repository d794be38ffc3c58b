package io.lull.policy.kemari;

import static io.lull.policy.rival.TestEpoch.MS;
import static io.lull.policy.rival.TestEpoch.at;
import static io.lull.policy.rival.TestEpoch.hold;
import static io.lull.policy.rival.TestEpoch.under;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.Objectives;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.trigger.TriggerInput;
import org.junit.jupiter.api.Test;

class OnOutputPolicyTest {
    private final OnOutputPolicy policy = new OnOutputPolicy();
    private final TriggerInput epoch =
            under(policy.plan(policy.initialState(), new Objectives(1, 100 * MS, TriggerPlacement.HOST, Targets.NONE)));

    @Test
    void oneFrameEndsTheEpochHoweverMuchIsDirty() {
        epoch.dirtyPages = 1_000_000;
        assertThat(at(epoch, 1)).isEmpty();

        hold(epoch.sample, 1);
        assertThat(at(epoch, 1)).contains(TriggerReason.OUTPUT);
    }

    @Test
    void oneDiskWriteEndsIt() {
        epoch.diskWrites = 1;

        assertThat(at(epoch, 1)).contains(TriggerReason.OUTPUT);
    }

    @Test
    void withoutOutputOnlyTheLongestEpochEndsIt() {
        assertThat(at(epoch, 100 * MS - 1)).isEmpty();
        assertThat(at(epoch, 100 * MS)).contains(TriggerReason.T_MAX);
    }
}
