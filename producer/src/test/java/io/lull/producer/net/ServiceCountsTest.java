package io.lull.producer.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.signal.ServiceSample;
import org.junit.jupiter.api.Test;

class ServiceCountsTest {
    private final ServiceCounts counts = new ServiceCounts();

    private void add(int port, int waiting, int asking) {
        for (int i = 0; i < waiting; i++) {
            counts.add(port, true, true);
        }
        for (int i = 0; i < asking; i++) {
            counts.add(port, false, false);
        }
    }

    @Test
    void theServicesWithMostClientsComeFirst() {
        add(22, 0, 1);
        add(80, 2, 3);
        add(443, 1, 1);
        assertThat(counts.largest())
                .containsExactly(
                        new ServiceSample(80, 2, 2, 3),
                        new ServiceSample(443, 1, 1, 1),
                        new ServiceSample(22, 0, 0, 1));
    }

    @Test
    void whoWaitsForACommitUnderWayCountsAsAClientToo() {
        counts.add(80, false, true);
        add(80, 1, 1);
        add(22, 0, 2);
        assertThat(counts.largest()).containsExactly(new ServiceSample(80, 1, 2, 1), new ServiceSample(22, 0, 0, 2));
    }

    @Test
    void noMoreThanFourAreTold() {
        for (int port = 1; port <= 6; port++) {
            add(port, port, 0);
        }
        assertThat(counts.largest()).extracting(ServiceSample::port).containsExactly(6, 5, 4, 3);
    }

    @Test
    void portsBeyondTheRoomAreLeftOut() {
        for (int port = 1; port <= ServiceCounts.MOST_PORTS; port++) {
            add(port, 1, 0);
        }
        add(999, 50, 0);
        assertThat(counts.largest()).extracting(ServiceSample::port).containsExactly(1, 2, 3, 4);
    }

    @Test
    void aPassBeginsWithNothing() {
        add(80, 2, 3);
        counts.clear();
        assertThat(counts.largest()).isEmpty();
        add(80, 0, 1);
        assertThat(counts.largest()).containsExactly(new ServiceSample(80, 0, 0, 1));
    }
}
