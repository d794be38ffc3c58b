package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.config.GateChoice;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.qemu.VmDevices;
import io.lull.worker.qemu.VmDevices.Disk;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing that a VM writes to or speaks by is left out unless its operator said so. */
class LeftOutTest {
    private static final Disk FIRST = new Disk("", "disk0");
    private static final Disk SECOND = new Disk("d1", "#block267");

    @Test
    void aVmWithOneDiskAndOneNetdevIsWhole() {
        assertThat(LeftOut.of(new VmDevices(List.of(FIRST), List.of("n0")), disk("disk0"), network("n0")))
                .isEmpty();
        assertThat(LeftOut.of(new VmDevices(List.of(), List.of()), disk(""), network("")))
                .isEmpty();
    }

    @Test
    void aDiskMayBeNamedByItsNodeOrByItsDrive() {
        assertThat(LeftOut.of(new VmDevices(List.of(SECOND), List.of()), disk("d1"), network("")))
                .isEmpty();
        assertThat(LeftOut.of(new VmDevices(List.of(SECOND), List.of()), disk("#block267"), network("")))
                .isEmpty();
    }

    @Test
    void aSecondDiskIsLeftOutUnlessThatIsMeant() {
        VmDevices devices = new VmDevices(List.of(FIRST, SECOND), List.of());

        assertThat(LeftOut.of(devices, disk("disk0"), network("")))
                .singleElement()
                .asString()
                .contains("'d1'", "isn't replicated", "'disk.others'");
        assertThat(LeftOut.of(devices, disk("disk0", "d1"), network(""))).isEmpty();
        assertThat(LeftOut.of(devices, disk("disk0", "#block267"), network(""))).isEmpty();
    }

    @Test
    void withoutADiskToReplicateEachIsLeftOut() {
        assertThat(LeftOut.of(new VmDevices(List.of(FIRST, SECOND), List.of()), disk(""), network("")))
                .hasSize(2);
    }

    @Test
    void nothingIsSaidOfDisksWhileAnotherNodeLiesOnTheOneToReplicate() {
        VmDevices copied = new VmDevices(List.of(new Disk("", "#block501"), SECOND), List.of());

        assertThat(LeftOut.of(copied, disk("disk0"), network(""))).isEmpty();
        assertThat(LeftOut.knowsDisks(copied, disk("disk0"))).isFalse();
        assertThat(LeftOut.knowsDisks(copied, disk("#block501"))).isTrue();
    }

    @Test
    void aSecondNetdevIsLeftOutUnlessThatIsMeant() {
        VmDevices devices = new VmDevices(List.of(), List.of("n0", "n1"));

        assertThat(LeftOut.of(devices, disk(""), network("n0")))
                .singleElement()
                .asString()
                .contains("'n1'", "isn't held", "'network.others'");
        assertThat(LeftOut.of(devices, disk(""), network("n0", "n1"))).isEmpty();
        assertThat(LeftOut.of(devices, disk(""), network(""))).hasSize(2);
    }

    private static PrimaryConfig.Disk disk(String node, String... others) {
        return new PrimaryConfig.Disk(node, List.of(others), 0);
    }

    private static PrimaryConfig.Network network(String netdev, String... others) {
        return new PrimaryConfig.Network(netdev, List.of(others), GateChoice.REDIRECTOR, "", "", 1);
    }
}
