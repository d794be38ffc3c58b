package io.lull.policy.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordedWorkloadTest {
    private static final VmId VM = new VmId("recorded");
    private static final int SAMPLES = 6_400;
    private static final int REPORTS = 320;
    private static final long MS = 1_000_000;

    @Test
    void requestsKeepTheirRateServiceTimeAndAnswer() {
        // 0 to 3 requests a millisecond in turns of 100 ms, each 100 us, of 2 frames of 500 bytes.
        Activity.Requests requests = requests(RecordedWorkload.of("r", samples(0, 4), reports()));
        // Half of a millisecond in every 20 was paused.
        assertThat(requests.ratePerSecond()).isCloseTo(1_500 / 0.975, within(20.0));
        assertThat(requests.serviceNanos()).isCloseTo(100_000, within(2_000L));
        assertThat(requests.answerPackets()).isEqualTo(2);
        assertThat(requests.packetBytes()).isEqualTo(500);
        assertThat(requests.reacts()).isFalse();
        assertThat(requests.asked()).isTrue();
    }

    @Test
    void computationThatGoesOnWithoutRequestsIsBackground() {
        Workload workload = RecordedWorkload.of("r", samples(300_000, 4), reports());
        assertThat(requests(workload).serviceNanos()).isCloseTo(100_000, within(5_000L));
        Activity.Background background =
                (Activity.Background) workload.activities().get(1);
        double share = (double) background.schedule().onNanos()
                / (background.schedule().onNanos() + background.schedule().offNanos());
        assertThat(share * background.threads()).isCloseTo(0.3 / 0.975, within(0.03));
    }

    @Test
    void aGuestThatSendsNothingOnlyComputes() {
        Workload workload = RecordedWorkload.of("r", samples(500_000, 1), reports());
        assertThat(workload.activities()).hasSize(1).first().isInstanceOf(Activity.Background.class);
    }

    @Test
    void theDirtyCurvePassesThroughTheReportsOverVcpuTime() {
        List<VmSample> samples = samples(500_000, 1);
        DirtyModel dirty = RecordedWorkload.of("r", samples, reports()).dirty();
        // 20 ms of the guest's time were some 10 ms of work, and dirtied 400 pages.
        assertThat(dirty.pages(0, 20e6 * 0.5 / 0.975)).isCloseTo(400, within(4.0));
    }

    @Test
    void aClosedLoopHasTheClientsThatWereSeenWaiting() {
        Activity.Requests requests = requests(RecordedWorkload.closedLoop("r", samples(0, 4), reports()));
        assertThat(requests.reacts()).isTrue();
        assertThat(requests.clients()).isEqualTo(6);
        // 6 clients at 1,500 a second take 4 ms a cycle; 1 ms of it is held on average, 0.2 ms service and way.
        assertThat(requests.thinkNanos()).isCloseTo(2_800_000, within(50_000L));
    }

    @Test
    void theReplayDoesAsMuchAsTheRecordingWhenItRunsUnprotected() {
        Workload workload = RecordedWorkload.of("r", samples(0, 4), reports());
        SimSettings settings = SimSettings.DEFAULT.lasting(0, 4_000_000_000L);
        Progress progress = Simulation.unprotected(workload, CostModel.kvm(), settings, 1);
        assertThat(progress.answers() / 4).isCloseTo(1_500 / 0.975, within(60.0));
    }

    @Test
    void withoutReportsThereIsNoDirtyCurveAndNoWorkload() {
        assertThatThrownBy(() -> RecordedWorkload.of("r", samples(0, 4), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("r has 6400 samples and 0 epoch reports")
                .hasMessageContaining("record a protected VM");
    }

    private static Activity.Requests requests(Workload workload) {
        return (Activity.Requests) workload.activities().get(0);
    }

    private static List<VmSample> samples(long backgroundNanos, int levels) {
        List<VmSample> samples = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            int requests = i / 100 % levels;
            samples.add(new VmSample(
                    VM,
                    "host",
                    1 + i / 20,
                    1_000L * i,
                    MS,
                    MS * (i % 20),
                    List.of(new VcpuSample(0, 0, backgroundNanos + 100_000L * requests, 0)),
                    DirtySource.NONE,
                    new NetworkSample(2L * requests, 1_000L * requests, requests, 100L * requests, 4, 2_000, MS),
                    DiskSample.NONE,
                    new TcpSample(6, 0, 0, 0, 0, 2),
                    new HostSample(2, 1, false, 0, 0)));
        }
        return samples;
    }

    private static List<EpochReport> reports() {
        List<EpochReport> reports = new ArrayList<>();
        for (int i = 0; i < REPORTS; i++) {
            reports.add(new EpochReport(
                    VM,
                    "host",
                    i + 1,
                    0,
                    TriggerReason.INTERVAL,
                    20_000L * i,
                    20 * MS,
                    new EpochReport.Pause(100_000, 400_000, 0, 0),
                    new EpochReport.Pages(400, 0, 0, 400, 0),
                    List.of(),
                    new EpochReport.Bytes(1_638_400, 9_000, 5_000, 1_000, 0),
                    new EpochReport.Stages(1, 2, 3, 4, 5),
                    new EpochReport.Held(4, 2_000, 2 * MS),
                    new EpochReport.Trigger(1, 2, 0.5),
                    "lz4",
                    2));
        }
        return reports;
    }
}
