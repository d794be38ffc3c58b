package io.lull.producer.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.producer.procfs.CpuTimes;
import io.lull.producer.procfs.ProbeException;
import org.junit.jupiter.api.Test;

class HostProbeTest {
    private CpuTimes times = new CpuTimes(4, 1_000, 2_000);
    private int reads;

    @Test
    void noCoreIsIdleBeforeTwoReadingsLieApart() throws Exception {
        HostProbe probe = probe();
        times = new CpuTimes(4, 1_010, 2_010);
        probe.refresh(HostProbe.PERIOD_NANOS - 1);
        assertThat(probe.idleCores()).isZero();
        assertThat(probe.cores()).isEqualTo(4);
        assertThat(reads).isEqualTo(1);
    }

    @Test
    void theIdleShareOfTheTicksIsSpreadOverTheCores() throws Exception {
        HostProbe probe = probe();
        times = new CpuTimes(4, 1_030, 2_040);
        probe.refresh(HostProbe.PERIOD_NANOS);
        assertThat(probe.idleCores()).isEqualTo(3.0);
        times = new CpuTimes(4, 1_030, 2_080);
        probe.refresh(2 * HostProbe.PERIOD_NANOS - 1);
        assertThat(probe.idleCores()).isEqualTo(3.0);
        probe.refresh(2 * HostProbe.PERIOD_NANOS);
        assertThat(probe.idleCores()).isZero();
        assertThat(reads).isEqualTo(3);
    }

    @Test
    void countersThatGoBackNeverLeaveTheRange() throws Exception {
        HostProbe probe = probe();
        times = new CpuTimes(4, 990, 2_010);
        probe.refresh(HostProbe.PERIOD_NANOS);
        assertThat(probe.idleCores()).isZero();
        times = new CpuTimes(4, 1_100, 2_020);
        probe.refresh(2 * HostProbe.PERIOD_NANOS);
        assertThat(probe.idleCores()).isEqualTo(4.0);
        times = new CpuTimes(2, 900, 1_900);
        probe.refresh(3 * HostProbe.PERIOD_NANOS);
        assertThat(probe.idleCores()).as("two cores went offline").isEqualTo(2.0);
    }

    private HostProbe probe() throws ProbeException {
        return new HostProbe(
                () -> {
                    reads++;
                    return times;
                },
                0);
    }
}
