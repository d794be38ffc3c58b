package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.VmId;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PageThreadsTest {
    private static final long INTERVAL_NANOS = 10_000_000;

    @Test
    void usesWhatIsGrantedUntilTheHostIsKnown() {
        assertThat(new PageThreads(4).whileRunning()).isEqualTo(4);
        assertThat(new PageThreads(4).whileStopped()).isEqualTo(4);
    }

    @Test
    void addsAThreadForEachIdleCoreUpToTheGrant() {
        PageThreads threads = new PageThreads(4);
        threads.observe(sample(2.9), OptionalInt.empty());
        assertThat(threads.whileRunning()).isEqualTo(3);
        PageThreads granted = new PageThreads(4);
        granted.observe(sample(8), OptionalInt.empty());
        assertThat(granted.whileRunning()).isEqualTo(4);
    }

    @Test
    void worksAloneWithNoCoreIdle() {
        PageThreads threads = new PageThreads(4);
        threads.observe(sample(0), OptionalInt.empty());
        assertThat(threads.whileRunning()).isEqualTo(1);
        assertThat(threads.whileStopped()).isEqualTo(1);
    }

    @Test
    void inAPauseTheCoresThatTheGuestRanOnAreIdleToo() {
        PageThreads threads = new PageThreads(8);
        threads.observe(sample(1.2, 0.5, 1.0), OptionalInt.empty());
        assertThat(threads.whileRunning()).isEqualTo(2);
        assertThat(threads.whileStopped()).isEqualTo(3);
        threads.observe(sample(1.2, 0.5, 1.0), OptionalInt.of(2));
        assertThat(threads.whileStopped())
                .as("what the plan grants holds in a pause")
                .isEqualTo(2);
    }

    @Test
    void aGuestNeverRanOnMoreCoresThanItHas() {
        PageThreads threads = new PageThreads(64);
        threads.observe(sample(0, 1000.0, 1000.0), OptionalInt.empty());
        assertThat(threads.whileStopped()).isEqualTo(3);
    }

    @Test
    void thePlanGrantsLessButNeverMoreThanTheConfiguration() {
        PageThreads threads = new PageThreads(4);
        threads.observe(sample(8), OptionalInt.of(2));
        assertThat(threads.whileRunning()).isEqualTo(2);
        threads.observe(sample(8), OptionalInt.of(100));
        assertThat(threads.whileRunning()).isEqualTo(4);
        threads.observe(sample(8), OptionalInt.of(2));
        threads.observe(sample(8), OptionalInt.empty());
        assertThat(threads.whileRunning()).as("the plan is over").isEqualTo(4);
    }

    @Test
    void oneBusySampleTakesNoThreadAway() {
        PageThreads threads = new PageThreads(4);
        threads.observe(sample(3.5), OptionalInt.empty());
        threads.observe(sample(0), OptionalInt.empty());
        assertThat(threads.whileRunning()).isEqualTo(4);
        for (int i = 0; i < 50; i++) {
            threads.observe(sample(0), OptionalInt.empty());
        }
        assertThat(threads.whileRunning()).isEqualTo(1);
    }

    /** Of a host with idle cores and a guest with a vCPU for each share of a core that it ran on. */
    private static VmSample sample(double idleCores, double... ran) {
        List<VcpuSample> vcpus = new ArrayList<>();
        for (double share : ran) {
            vcpus.add(new VcpuSample(vcpus.size(), 0, (long) (share * INTERVAL_NANOS), 0));
        }
        return new VmSample(
                new VmId("web-1"),
                "host-a",
                1,
                0,
                INTERVAL_NANOS,
                0,
                vcpus,
                DirtySource.NONE,
                NetworkSample.NONE,
                DiskSample.NONE,
                TcpSample.NONE,
                new HostSample(8, idleCores, false, 0, 0));
    }
}
