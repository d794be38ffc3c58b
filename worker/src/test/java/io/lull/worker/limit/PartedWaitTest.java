package io.lull.worker.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PartedWaitTest {
    private final List<Long> parts = new ArrayList<>();

    @Test
    void whatCameWhileAPartWasOverAtOnceAsAfterAStopIsFoundInTheNext() throws Exception {
        Optional<String> found = PartedWait.first(400, nanos -> {
            parts.add(nanos);
            return parts.size() == 1 ? Optional.empty() : Optional.of("here");
        });

        assertThat(found).contains("here");
        assertThat(parts).containsExactly(100L, 100L);
    }

    @Test
    void waitsForTheWholeLimitAndNotLonger() throws Exception {
        boolean came = PartedWait.until(400, nanos -> {
            parts.add(nanos);
            return false;
        });

        assertThat(came).isFalse();
        assertThat(parts).containsExactly(100L, 100L, 100L, 100L);
    }
}
