package io.lull.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.VmId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NameCacheTest {
    private static final int MANY = 100_000;

    private final AtomicInteger made = new AtomicInteger();
    private final NameCache<String> names = new NameCache<>(
            name -> {
                made.incrementAndGet();
                return name;
            },
            name -> name);

    private String of(String name) {
        byte[] bytes = ("<" + name + ">").getBytes(StandardCharsets.UTF_8);
        return names.of(bytes, 1, bytes.length - 2);
    }

    @Test
    void aNameThatComesAgainIsTheSameObject() {
        String first = of("vm-1");

        assertThat(first).isEqualTo("vm-1");
        assertThat(of("vm-1")).isSameAs(first);
        assertThat(of("")).isEmpty();
        assertThat(made).hasValue(2);
    }

    @Test
    void namesThatShareAPlaceAreNotTakenForOneAnother() {
        // More than there will ever be places for.
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 3 * NameCache.MOST_PLACES; i++) {
                assertThat(of("vm-" + i)).isEqualTo("vm-" + i);
            }
        }
        // These have one hash.
        assertThat(of("Aa")).isEqualTo("Aa");
        assertThat(of("BB")).isEqualTo("BB");
        assertThat(of("Aa")).isEqualTo("Aa");
    }

    @Test
    void aHundredThousandNamesThatComeInTurnSoonHaveTheirPlaces() {
        for (int round = 0; round < 10; round++) {
            made.set(0);
            for (int i = 0; i < MANY; i++) {
                of("vm-" + i);
            }
        }
        // More than eight of them share a set here and there.
        assertThat(made.get()).isLessThan(MANY / 50);
    }

    @Test
    void namesThatAreKnownStayTheSameObjectsAsMoreComeIn() {
        List<String> first =
                IntStream.range(0, MANY).mapToObj(i -> of("vm-" + i)).toList();
        List<String> again = first.stream().map(this::of).toList();

        long same = IntStream.range(0, MANY)
                .filter(i -> again.get(i) == first.get(i))
                .count();
        assertThat(same).as("all but a few that shared a set").isGreaterThan(MANY * 49L / 50);
    }

    @Test
    void aLongNameIsNotKept() {
        String name = "x".repeat(NameCache.LONGEST_BYTES + 1);

        assertThat(of(name)).isEqualTo(name);
        assertThat(of(name)).isEqualTo(name);
        assertThat(made).hasValue(2);
    }

    @Test
    void aNameBeyondAsciiIsRightAndNotKept() {
        assertThat(of("größe")).isEqualTo("größe");
        assertThat(of("größe")).isEqualTo("größe");
        assertThat(made).hasValue(2);
    }

    @Test
    void whatIsRefusedIsRefusedEachTime() {
        NameCache<VmId> vms = new NameCache<>(VmId::new, VmId::value);
        byte[] bad = "no name".getBytes(StandardCharsets.UTF_8);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> vms.of(bad, 0, bad.length)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
