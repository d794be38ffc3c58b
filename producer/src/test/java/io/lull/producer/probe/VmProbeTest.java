package io.lull.producer.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lull.policy.VmId;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import io.lull.producer.net.TcpTable;
import io.lull.producer.procfs.CpuTimes;
import io.lull.producer.procfs.ProbeException;
import io.lull.producer.procfs.TaskTimes;
import io.lull.producer.procfs.TaskTimesSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VmProbeTest {
    private static final long START_NANOS = -1_000;

    private TaskTimes first = new TaskTimes(1_000, 100);
    private TaskTimes second = new TaskTimes(5_000, 0);
    private boolean gone;
    private FrameCounters.Frames frames = new FrameCounters.Frames(10, 1000, 20, 2000, 0, 0, 0, 0, 0);
    private DiskCounters.Disk disk = new DiskCounters.Disk(3, 4096, 1, 0);
    private LinkCounters.Link link = new LinkCounters.Link(false, 0, 0);
    private EpochView.OpenEpoch epoch = new EpochView.OpenEpoch(1, 0, 0, 0);
    private VmProbe probe;

    @BeforeEach
    void start() throws ProbeException {
        TaskTimesSource firstThread = () -> {
            if (gone) {
                throw new ProbeException(ProbeException.Kind.GONE, "the thread has ended");
            }
            return first;
        };
        VmProbe.Sources sources = new VmProbe.Sources(
                List.of(new VmProbe.Vcpu(0, firstThread), new VmProbe.Vcpu(4, () -> second)),
                nowNanos -> frames,
                () -> disk,
                new TcpTable(),
                new HostProbe(() -> new CpuTimes(8, 0, 0), START_NANOS),
                () -> link,
                nowNanos -> epoch);
        probe = VmProbe.start(new VmProbe.Identity(new VmId("web"), "host-a"), sources, START_NANOS);
    }

    @Test
    void reportsDeltasOfCountersAndLevelsAsTheyAre() throws Exception {
        first = new TaskTimes(1_600, 150);
        second = new TaskTimes(5_010, 7);
        frames = new FrameCounters.Frames(12, 1500, 21, 2001, 3, 500, 77, 2, 9);
        disk = new DiskCounters.Disk(5, 8192, 1, 4);
        link = new LinkCounters.Link(true, 1_000_000, 42);
        epoch = new EpochView.OpenEpoch(1, 900, 0, 0);

        assertThat(probe.sample(0, 123))
                .isEqualTo(new VmSample(
                        new VmId("web"),
                        "host-a",
                        1,
                        123,
                        1_000,
                        900,
                        List.of(new VcpuSample(0, 0, 600, 50), new VcpuSample(4, 0, 10, 7)),
                        DirtySource.NONE,
                        new NetworkSample(2, 500, 1, 1, 3, 500, 77, 2, 9),
                        new DiskSample(2, 4096, 0, 4),
                        TcpSample.NONE,
                        new HostSample(8, 0, true, 1_000_000, 42)));
    }

    @Test
    void theNextSampleStartsWhereTheLastEnded() throws Exception {
        first = new TaskTimes(1_600, 150);
        probe.sample(0, 1);
        first = new TaskTimes(1_601, 150);
        VmSample sample = probe.sample(250, 2);
        assertThat(sample.intervalNanos()).isEqualTo(250);
        assertThat(sample.vcpus().get(0)).isEqualTo(new VcpuSample(0, 0, 1, 0));
        assertThat(sample.network().txPackets()).isZero();
    }

    @Test
    void aCheckpointsPagesAreReportedOnceAndSharedByRunTimeSinceTheOneBefore() throws Exception {
        first = new TaskTimes(1_300, 100);
        probe.sample(0, 1);
        second = new TaskTimes(5_100, 0);
        epoch = new EpochView.OpenEpoch(2, 5, 1, 100);
        VmSample counted = probe.sample(1, 2);
        assertThat(counted.dirtySource()).isEqualTo(DirtySource.STREAM_APPORTIONED);
        assertThat(dirtyPages(counted)).containsExactly(75L, 25L);

        VmSample between = probe.sample(2, 3);
        assertThat(between.dirtySource()).isEqualTo(DirtySource.STREAM_APPORTIONED);
        assertThat(dirtyPages(between)).containsExactly(0L, 0L);

        second = new TaskTimes(5_200, 0);
        epoch = new EpochView.OpenEpoch(4, 5, 3, 107);
        assertThat(dirtyPages(probe.sample(3, 4))).containsExactly(0L, 7L);
    }

    @Test
    void aCounterThatStartsAnewCountsFromZero() throws Exception {
        frames = new FrameCounters.Frames(3, 300, 0, 0, 0, 0, 0, 0, 0);
        assertThat(probe.sample(0, 1).network()).isEqualTo(new NetworkSample(3, 300, 0, 0, 0, 0, 0));
    }

    @Test
    void tellsTheFramesOfTheOpenEpochFromThoseThatWaitForACommitUnderWay() throws Exception {
        frames = new FrameCounters.Frames(13, 1300, 20, 2000, 3, 300, 800, 3, 800);
        NetworkSample before = probe.sample(0, 1).network();
        assertThat(before.openPackets()).isEqualTo(before.heldPackets()).isEqualTo(3);

        frames = new FrameCounters.Frames(14, 1400, 20, 2000, 4, 400, 900, 1, 50);
        NetworkSample after = probe.sample(100, 2).network();
        assertThat(after.heldPackets()).isEqualTo(4);
        assertThat(after.oldestHeldNanos()).isEqualTo(900);
        assertThat(after.openPackets()).isEqualTo(1);
        assertThat(after.oldestOpenNanos()).isEqualTo(50);
    }

    @Test
    void saysThatNothingIsKnownOfFramesThatNobodySees() throws Exception {
        frames = FrameCounters.Frames.UNKNOWN;
        assertThat(probe.sample(0, 1).network()).isEqualTo(NetworkSample.UNKNOWN);
    }

    @Test
    void refusesCountersWithMoreOpenFramesThanHeldOnes() {
        assertThatThrownBy(() -> new FrameCounters.Frames(0, 0, 0, 0, 1, 1, 1, 2, 1))
                .hasMessageContaining("openPackets");
        assertThatThrownBy(() -> new FrameCounters.Frames(0, 0, 0, 0, 1, 1, 1, 1, 2))
                .hasMessageContaining("oldestOpenNanos");
    }

    @Test
    void aThreadThatEndedIsATypedErrorAndLosesNoTimeOfTheNextSample() throws Exception {
        gone = true;
        assertThat(catchThrowableOfType(ProbeException.class, () -> probe.sample(0, 1))
                        .kind())
                .isEqualTo(ProbeException.Kind.GONE);
        gone = false;
        first = new TaskTimes(1_600, 100);
        VmSample sample = probe.sample(500, 2);
        assertThat(sample.intervalNanos()).isEqualTo(1_500);
        assertThat(sample.vcpus().get(0).runNanos()).isEqualTo(600);
    }

    @Test
    void refusesAClockThatStandsStill() {
        assertThatThrownBy(() -> probe.sample(START_NANOS, 1)).hasMessageContaining("intervalNanos");
    }

    private static List<Long> dirtyPages(VmSample sample) {
        return sample.vcpus().stream().map(VcpuSample::dirtyPages).toList();
    }
}
