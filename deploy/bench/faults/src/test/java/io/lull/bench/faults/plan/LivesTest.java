package io.lull.bench.faults.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LivesTest {
    private static final List<FaultKind> ALL = Arrays.asList(FaultKind.values());
    private static final int ROUND = FaultKind.values().length * Phase.values().length;

    @Test
    void oneRoundOfLivesBringsEachKindInEachPhase() {
        Lives lives = new Lives(7, ALL);
        Set<String> seen = new HashSet<>();
        LongStream.range(0, ROUND).mapToObj(lives::draw).forEach(life -> {
            PlannedFault first = life.faults().get(0);
            seen.add(first.kind() + "/" + first.aim().phase());
        });
        assertThat(seen).hasSize(ROUND);
    }

    @Test
    void aLifeDependsOnSeedAndNumberAlone() {
        Lives lives = new Lives(7, ALL);
        Life once = lives.draw(33);
        lives.draw(34);

        assertThat(lives.draw(33)).isEqualTo(once);
        assertThat(new Lives(7, ALL).draw(33)).isEqualTo(once);
        assertThat(new Lives(8, ALL).draw(33)).isNotEqualTo(once);
    }

    @Test
    void noLifeHasMoreFaultsThanTheMostAndSomeHaveSo() {
        Lives lives = new Lives(7, ALL);
        assertThat(LongStream.range(0, 200).mapToObj(lives::draw).mapToInt(life -> life.faults()
                        .size()))
                .contains(1, Lives.MAX_FAULTS)
                .allMatch(count -> count >= 1 && count <= Lives.MAX_FAULTS);
    }

    @Test
    void everyKindIsFoundByItsLabel() {
        assertThat(ALL)
                .allMatch(
                        kind -> FaultKind.of(kind.label()).filter(kind::equals).isPresent());
        assertThat(FaultKind.of("flood")).isEmpty();
    }
}
