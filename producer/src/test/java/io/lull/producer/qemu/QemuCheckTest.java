package io.lull.producer.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QemuCheckTest {
    private static final long RAM_128_MIB = 128L << 20;
    private static final long RAM_131080_KIB = 131_080L << 10;
    private static final Set<String> COLO = Set.of("migrate", "x-colo-lost-heartbeat");

    @Test
    void kvmOfAGoodVersionIsFineWhateverItsMemory() {
        assertThat(kvm(QemuVersion.of(7, 2, 0))).isEmpty();
        assertThat(kvm(new QemuVersion(7, 2, 22, "Debian"))).isEmpty();
        assertThat(kvm(QemuVersion.of(9, 2, 4))).isEmpty();
        assertThat(kvm(QemuVersion.of(10, 0, 7))).isEmpty();
        assertThat(kvm(QemuVersion.of(10, 2, 0))).isEmpty();
        assertThat(kvm(QemuVersion.of(11, 0, 0))).isEmpty();
    }

    @Test
    void versionsThatNeverEnterColoAreRefused() {
        for (QemuVersion broken : List.of(
                QemuVersion.of(10, 0, 0),
                new QemuVersion(10, 0, 6, "Debian"),
                QemuVersion.of(10, 1, 0),
                QemuVersion.of(10, 1, 92))) {
            assertThat(kvm(broken)).singleElement().asString().contains("instead of entering COLO", "10.0.7");
        }
    }

    @Test
    void sharedMemoryNeedsNeitherColoNorItsWorkarounds() {
        Set<String> bare = Set.of("migrate", "xen-save-devices-state");
        for (QemuVersion version : List.of(QemuVersion.of(7, 2, 0), QemuVersion.of(10, 0, 2))) {
            assertThat(QemuCheck.sharedMemoryRefusals(
                            new QemuFacts(version, bare, Accelerator.TCG, RAM_128_MIB, false, false)))
                    .isEmpty();
        }
        assertThat(QemuCheck.sharedMemoryRefusals(new QemuFacts(
                        QemuVersion.of(7, 1, 0), Set.of("migrate"), Accelerator.KVM, RAM_128_MIB, false, false)))
                .hasSize(2)
                .anyMatch(line -> line.contains("too old"))
                .anyMatch(line -> line.contains("xen-save-devices-state"));
    }

    @Test
    void versionsBeforeTheFirstOneTriedAreTooOld() {
        assertThat(kvm(QemuVersion.of(7, 1, 99))).singleElement().asString().contains("too old");
    }

    @Test
    void aBuildWithoutReplicationIsRefused() {
        QemuFacts facts =
                new QemuFacts(QemuVersion.of(7, 2, 0), Set.of("migrate"), Accelerator.KVM, RAM_128_MIB, false, false);
        assertThat(QemuCheck.refusals(facts)).singleElement().asString().contains("x-colo-lost-heartbeat");
    }

    @Test
    void dirtyRingsAreForCheckpointsFromSharedMemoryAlone() {
        QemuFacts facts = new QemuFacts(QemuVersion.of(7, 2, 0), COLO, Accelerator.KVM, RAM_128_MIB, false, true);

        assertThat(QemuCheck.refusals(facts)).singleElement().asString().contains("dirty-ring-size");
        assertThat(QemuCheck.sharedMemoryRefusals(facts)).noneMatch(line -> line.contains("ring"));
    }

    @Test
    void tcgNeedsTheLockFixInEveryVersion() {
        for (QemuVersion version : List.of(QemuVersion.of(7, 2, 22), QemuVersion.of(11, 0, 0))) {
            assertThat(tcg(version, RAM_131080_KIB, false))
                    .singleElement()
                    .asString()
                    .contains("LD_PRELOAD");
            assertThat(tcg(version, RAM_131080_KIB, true)).isEmpty();
        }
    }

    @Test
    void tcgBeforeNineNeedsAMemoryThatIsNoMultipleOf256KiB() {
        assertThat(tcg(QemuVersion.of(8, 2, 9), RAM_128_MIB, true))
                .singleElement()
                .asString()
                .contains("-m 131080K");
        assertThat(tcg(QemuVersion.of(9, 0, 0), RAM_128_MIB, true)).isEmpty();
    }

    @Test
    void saysAllThatIsWrongAtOnce() {
        QemuFacts facts = new QemuFacts(QemuVersion.of(6, 2, 0), Set.of(), Accelerator.TCG, RAM_128_MIB, false, false);
        assertThat(QemuCheck.refusals(facts)).hasSize(4).noneMatch(line -> line.contains("\n"));
    }

    private static List<String> kvm(QemuVersion version) {
        return QemuCheck.refusals(new QemuFacts(version, COLO, Accelerator.KVM, RAM_128_MIB, false, false));
    }

    private static List<String> tcg(QemuVersion version, long ramBytes, boolean preload) {
        return QemuCheck.refusals(new QemuFacts(version, COLO, Accelerator.TCG, ramBytes, preload, false));
    }
}
