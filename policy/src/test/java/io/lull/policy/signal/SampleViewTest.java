package io.lull.policy.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.VmId;
import io.lull.policy.fixture.TestSample;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleViewTest {
    private static VmSample full() {
        return new VmSample(
                new VmId("vm-1"),
                "host-1",
                7,
                1_000_001,
                1000,
                5000,
                List.of(new VcpuSample(0, 11, 100, 20), new VcpuSample(1, 12, 300, 40)),
                DirtySource.PREDICTED,
                new NetworkSample(21, 22, 23, 24, 25, 26, 27, 20, 19),
                new DiskSample(31, 32, 33, 34),
                new TcpSample(
                        41,
                        42,
                        43,
                        44,
                        45,
                        46,
                        List.of(new ServiceSample(80, 47, 57, 48), new ServiceSample(22, 49, 59, 40))),
                new HostSample(4, 1.5, true, 51, 52));
    }

    @Test
    void takesOverAllOfASample() {
        SampleView view = new SampleView().load(full());

        assertThat(List.of(view.epoch, view.intervalNanos, view.elapsedNanos, view.sampledAtMicros))
                .containsExactly(7L, 1000L, 5000L, 1_000_001L);
        assertThat(view.vcpus).isEqualTo(2);
        assertThat(view.vcpuBusyNanos).startsWith(120, 340);
        assertThat(view.vcpuDirtyPages).startsWith(11, 12);
        assertThat(view.dirtyKnown).isTrue();
        assertThat(view.busyRatio).isEqualTo(0.23);
        assertThat(List.of(view.txPackets, view.txBytes, view.rxPackets, view.rxBytes))
                .containsExactly(21L, 22L, 23L, 24L);
        assertThat(List.of(view.heldPackets, view.heldBytes, view.oldestHeldNanos))
                .containsExactly(25L, 26L, 27L);
        assertThat(List.of(view.openPackets, view.oldestOpenNanos)).containsExactly(20L, 19L);
        assertThat(List.of(view.diskWrites, view.diskWriteBytes)).containsExactly(31L, 32L);
        assertThat(view.diskInFlight).isEqualTo(34);
        assertThat(List.of(view.connections, view.stalled, view.windowFull, view.zeroWindow, view.requestsPending))
                .containsExactly(41, 42, 43, 44, 46);
        assertThat(view.bytesInFlight).isEqualTo(45);
        assertThat(view.services).isEqualTo(2);
        assertThat(view.servicePort).startsWith(80, 22);
        assertThat(view.serviceWaiting).startsWith(47, 49);
        assertThat(view.serviceHeld).startsWith(57, 59);
        assertThat(view.serviceAsking).startsWith(48, 40);
        assertThat(view.serviceClients(1)).isEqualTo(99);
        assertThat(view.cores).isEqualTo(4);
        assertThat(view.idleCores).isEqualTo(1.5);
        assertThat(view.linkKnown).isTrue();
        assertThat(List.of(view.linkBytesPerSecond, view.linkBacklogBytes)).containsExactly(51L, 52L);
    }

    @Test
    void keepsNothingOfTheSampleBefore() {
        SampleView view = new SampleView().load(full());
        view.divergedPackets = 3;
        VmSample next = TestSample.lull(8, 6000).held(0).build();

        assertThat(view.load(next))
                .usingRecursiveComparison()
                .ignoringFields(
                        "vcpuBusyNanos",
                        "vcpuDirtyPages",
                        "servicePort",
                        "serviceWaiting",
                        "serviceHeld",
                        "serviceAsking")
                .isEqualTo(new SampleView().load(next));
        assertThat(view.vcpus).isEqualTo(1);
        assertThat(view.vcpuBusyNanos[0]).isZero();
    }

    @Test
    void allThatIsHeldCountsAsOpenWhereTheGateDoesNotTellEpochsApart() {
        SampleView view = new SampleView().load(TestSample.lull(8, 6000).held(4).build());

        assertThat(view.openPackets).isEqualTo(view.heldPackets).isEqualTo(4);
        assertThat(view.oldestOpenNanos).isEqualTo(view.oldestHeldNanos).isEqualTo(1);
    }

    @Test
    void looksAtNoMoreVcpusThanItHasRoomFor() {
        List<VcpuSample> many = Collections.nCopies(SampleView.MAX_VCPUS + 6, new VcpuSample(0, 0, 1000, 0));

        assertThat(new SampleView().load(TestSample.lull(1, 1000).build(many)).vcpus)
                .isEqualTo(SampleView.MAX_VCPUS);
    }
}
