package io.lull.bench.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DilationTest {
    @Test
    void plansAreSentAgainAsOftenForEachSampleWhateverTheFleet() {
        // 1,000 VMs of 100 samples a second live 100,000 samples in a second; 300,000 are worked off in one.
        assertThat(Dilation.EXPECTED.options("lull", 1_000)).containsEntry("lull.reassert", "167 ms");
        assertThat(Dilation.EXPECTED.options("lull", 3_000)).containsEntry("lull.reassert", "500 ms");
        assertThat(Dilation.EXPECTED.options("lull", 100_000)).containsEntry("lull.reassert", "16667 ms");
    }

    @Test
    void leasesAreLongerThanThePlansAreApart() {
        assertThat(Dilation.EXPECTED.options("lull", 100_000)).containsEntry("lull.lease", "66668 ms");
    }

    @Test
    void aSecondOfAVmsLifeTakesAsLongAsItsFleetsSamplesDo() {
        assertThat(Dilation.EXPECTED.stretchedMillis(1_000, 1_000)).isEqualTo(333);
        assertThat(Dilation.EXPECTED.stretchedMillis(1_000, 100_000)).isEqualTo(33_333);
    }
}
