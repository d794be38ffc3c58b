package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.signal.HostSample;
import org.junit.jupiter.api.Test;

class EncodeThreadsTest {
    @Test
    void usesWhatIsGrantedUntilTheHostIsKnown() {
        assertThat(new EncodeThreads(4).now()).isEqualTo(4);
    }

    @Test
    void addsAThreadForEachIdleCoreUpToTheGrant() {
        EncodeThreads threads = new EncodeThreads(4);
        threads.observe(host(2.9));
        assertThat(threads.now()).isEqualTo(3);
        EncodeThreads granted = new EncodeThreads(4);
        granted.observe(host(8));
        assertThat(granted.now()).isEqualTo(4);
    }

    @Test
    void worksAloneWithNoCoreIdle() {
        EncodeThreads threads = new EncodeThreads(4);
        threads.observe(host(0));
        assertThat(threads.now()).isEqualTo(1);
    }

    @Test
    void oneBusySampleTakesNoThreadAway() {
        EncodeThreads threads = new EncodeThreads(4);
        threads.observe(host(3.5));
        threads.observe(host(0));
        assertThat(threads.now()).isEqualTo(4);
        for (int i = 0; i < 50; i++) {
            threads.observe(host(0));
        }
        assertThat(threads.now()).isEqualTo(1);
    }

    private static HostSample host(double idleCores) {
        return new HostSample(8, idleCores, false, 0, 0);
    }
}
