package io.lull.bench.job.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.IdleRule;
import io.lull.policy.signal.IdleSlotDetector;
import io.lull.policy.signal.IdleState;
import io.lull.policy.signal.IdleVerdict;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.VmSample;
import java.util.List;
import org.junit.jupiter.api.Test;

class FleetTest {
    private static final long NOW_MICROS = 1_700_000_000_000_000L;
    private static final long TICK_MICROS = 10_000;

    @Test
    void everyVmIsInOneTickOfOneHost() {
        Fleet fleet = new Fleet(103, 50, TICK_MICROS);

        assertThat(fleet.hosts()).isEqualTo(3);
        assertThat(fleet.tick(0, NOW_MICROS)).hasSize(50);
        List<VmSample> last = fleet.tick(2, NOW_MICROS);
        assertThat(last).hasSize(3).allMatch(sample -> sample.hostId().equals(fleet.host(2)));
        assertThat(last).extracting(sample -> sample.vm().value()).containsExactly("vm-100", "vm-101", "vm-102");
    }

    @Test
    void givesEveryContenderTheSameSamples() {
        assertThat(new Fleet(7, 3, TICK_MICROS).tick(1, NOW_MICROS))
                .isEqualTo(new Fleet(7, 3, TICK_MICROS).tick(1, NOW_MICROS));
    }

    @Test
    void epochsFollowEachOtherAndBeginAtDifferentMoments() {
        Fleet fleet = new Fleet(20, 20, TICK_MICROS);
        for (int vm = 0; vm < fleet.vms(); vm++) {
            VmSample before = fleet.sample(vm, NOW_MICROS);
            VmSample after = fleet.sample(vm, NOW_MICROS + Fleet.EPOCH_MICROS);
            assertThat(after.epoch()).isEqualTo(before.epoch() + 1);
            assertThat(after.elapsedNanos()).isEqualTo(before.elapsedNanos());
        }
        assertThat(fleet.tick(0, NOW_MICROS).stream()
                        .map(VmSample::elapsedNanos)
                        .distinct())
                .hasSizeGreaterThan(10);
    }

    @Test
    void vmsWorkAndRestSoThatThereAreIdleSlotsToFind() {
        Fleet fleet = new Fleet(1, 1, 1_000);
        IdleState idle = new IdleState();
        SampleView view = new SampleView();
        int idleSamples = 0;
        for (int i = 0; i < 1_000; i++) {
            IdleSlotDetector.update(idle, view.load(fleet.sample(0, NOW_MICROS + i * 1_000L)), IdleRule.DEFAULT);
            idleSamples += idle.verdict == IdleVerdict.NONE ? 0 : 1;
        }
        assertThat(idleSamples).isBetween(50, 400);
    }

    @Test
    void refusesAFleetOfNothing() {
        assertThatThrownBy(() -> new Fleet(0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
