package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SilenceWatchTest {
    private final SilenceWatch watch = new SilenceWatch(new BackupOptions.Timing(100, 10, 50), 1000);

    @Test
    void givesAPeerTheHandshakeLimitToSayHelloHoweverMuchItSends() {
        watch.listening(1090);
        assertThat(watch.fault(1100)).isEmpty();
        assertThat(watch.fault(1101)).hasValueSatisfying(why -> assertThat(why).contains("HELLO"));
    }

    /** Looks every 10 ns until this time; what the last look said. */
    private Optional<String> look(long from, long until) {
        Optional<String> said = Optional.empty();
        for (long now = from; now <= until; now += 10) {
            said = watch.fault(now);
        }
        return said;
    }

    @Test
    void dropsAPrimaryOnlyForSilenceThatItKept() {
        watch.greeted();
        watch.listening(1200);
        assertThat(look(1200, 1250)).isEmpty();
        assertThat(look(1260, 1260)).isPresent();
        watch.busy();
        assertThat(look(1270, 9000))
                .as("this side is busy, the peer may be sending")
                .isEmpty();
        watch.listening(9000);
        assertThat(look(9000, 9050)).isEmpty();
    }

    @Test
    void whoeverIsInTheMiddleOfALongFrameIsNotSilent() {
        watch.greeted();
        watch.listening(1200);
        for (long now = 1200; now < 2000; now += 40) {
            watch.heard(now);
            assertThat(look(now + 10, now + 40)).isEmpty();
        }
        assertThat(look(2010, 2060)).as("and then no more of it came").isPresent();
    }

    @Test
    void bytesDoNotMoveTheHandshakeLimit() {
        watch.heard(1100);
        assertThat(watch.fault(1101)).hasValueSatisfying(why -> assertThat(why).contains("HELLO"));
    }

    @Test
    void aTimeInWhichThisSideStoodStillIsNotThePeersSilence() {
        watch.greeted();
        watch.listening(1200);
        assertThat(look(1200, 1230)).isEmpty();
        assertThat(watch.fault(900_000)).as("stopped, and gone on").isEmpty();
        watch.listening(900_001);
        assertThat(look(900_010, 900_050)).isEmpty();
        assertThat(look(900_060, 900_060)).as("silence is silence still").isPresent();
    }
}
