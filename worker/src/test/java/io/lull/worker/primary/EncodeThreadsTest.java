package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.signal.HostSample;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class EncodeThreadsTest {
    @Test
    void usesWhatIsGrantedUntilTheHostIsKnown() {
        assertThat(new EncodeThreads(4).now()).isEqualTo(4);
    }

    @Test
    void addsAThreadForEachIdleCoreUpToTheGrant() {
        EncodeThreads threads = new EncodeThreads(4);
        threads.observe(host(2.9), OptionalInt.empty());
        assertThat(threads.now()).isEqualTo(3);
        EncodeThreads granted = new EncodeThreads(4);
        granted.observe(host(8), OptionalInt.empty());
        assertThat(granted.now()).isEqualTo(4);
    }

    @Test
    void worksAloneWithNoCoreIdle() {
        EncodeThreads threads = new EncodeThreads(4);
        threads.observe(host(0), OptionalInt.empty());
        assertThat(threads.now()).isEqualTo(1);
    }

    @Test
    void thePlanGrantsLessButNeverMoreThanTheConfiguration() {
        EncodeThreads threads = new EncodeThreads(4);
        threads.observe(host(8), OptionalInt.of(2));
        assertThat(threads.now()).isEqualTo(2);
        threads.observe(host(8), OptionalInt.of(100));
        assertThat(threads.now()).isEqualTo(4);
        threads.observe(host(8), OptionalInt.of(2));
        threads.observe(host(8), OptionalInt.empty());
        assertThat(threads.now()).as("the plan is over").isEqualTo(4);
    }

    @Test
    void oneBusySampleTakesNoThreadAway() {
        EncodeThreads threads = new EncodeThreads(4);
        threads.observe(host(3.5), OptionalInt.empty());
        threads.observe(host(0), OptionalInt.empty());
        assertThat(threads.now()).isEqualTo(4);
        for (int i = 0; i < 50; i++) {
            threads.observe(host(0), OptionalInt.empty());
        }
        assertThat(threads.now()).isEqualTo(1);
    }

    private static HostSample host(double idleCores) {
        return new HostSample(8, idleCores, false, 0, 0);
    }
}
