package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a QEMU's command line says of KVM's dirty rings, at which it aborts at the first checkpoint. */
class ArmingCheckTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-accel\0kvm,dirty-ring-size=4096\0-m\0001G",
                "-accel\0kvm,dirty-ring-size=0x1000\0",
                "-accel\0kvm,dirty-ring-size=04096,thread=multi\0"
            })
    void aSizeInAnySpellingIsFound(String commandLine) {
        assertThat(ArmingCheck.hasDirtyRing(commandLine)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-accel\0kvm\0-m\0001G",
                "-accel\0kvm,dirty-ring-size=0\0-m\0001G",
                "-accel\0kvm,dirty-ring-size=00,thread=multi\0",
                "-accel\0kvm,dirty-ring-size="
            })
    void noneOrASizeOfNothingIsNot(String commandLine) {
        assertThat(ArmingCheck.hasDirtyRing(commandLine)).isFalse();
    }
}
