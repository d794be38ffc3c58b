package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SilenceWatchTest {
    private final SilenceWatch watch = new SilenceWatch(new BackupOptions.Timing(100, 10, 50), 1000);

    @Test
    void givesAPeerTheHandshakeLimitToSayHelloHoweverMuchItSends() {
        watch.listening(1090);
        assertThat(watch.fault(1100)).isEmpty();
        assertThat(watch.fault(1101)).hasValueSatisfying(why -> assertThat(why).contains("HELLO"));
    }

    @Test
    void dropsAPrimaryOnlyForSilenceThatItKept() {
        watch.greeted();
        watch.listening(1200);
        assertThat(watch.fault(1250)).isEmpty();
        assertThat(watch.fault(1251)).isPresent();
        watch.busy();
        assertThat(watch.fault(9000))
                .as("this side is busy, the peer may be sending")
                .isEmpty();
        watch.listening(9000);
        assertThat(watch.fault(9050)).isEmpty();
    }
}
