package io.lull.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.metrics.FullWindows;
import io.lull.job.schedule.FullVm;
import io.lull.policy.registry.PolicyRegistry;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How many bytes of a savepoint a VM takes at most, in all: the values of all keyed states of both operators, as the
 * job's serializer writes them, of the fullest VM that there is ({@link FullVm}, {@link FullWindows}).
 */
class StateSizeTest {
    private static final int LIMIT_BYTES = 8 << 10;

    private static final Map<Integer, Integer> WINDOW_BYTES = new HashMap<>();
    private static final Map<List<String>, Map<String, Integer>> SCHEDULER_BYTES = new HashMap<>();

    static Stream<Arguments> policiesAndRates() {
        return PolicyRegistry.standard().names().stream()
                .flatMap(policy -> Stream.of(10, 1_000).map(rate -> Arguments.of(policy, rate)));
    }

    static Stream<Integer> rates() {
        return Stream.of(10, 1_000);
    }

    @ParameterizedTest
    @MethodSource("policiesAndRates")
    void aVmTakesNoMoreThanEightKibibytesOfStateUnderAnyPolicy(String policy, int samplesPerSecond) throws IOException {
        check(List.of(policy), samplesPerSecond);
    }

    @ParameterizedTest
    @MethodSource("rates")
    void norDoesOneThatHasRunAllPolicies(int samplesPerSecond) throws IOException {
        check(List.copyOf(PolicyRegistry.standard().names()), samplesPerSecond);
    }

    /** They are the same whatever the policy. */
    private static int windowBytes(int samplesPerSecond) throws IOException {
        Integer known = WINDOW_BYTES.get(samplesPerSecond);
        if (known == null) {
            known = FullWindows.of(1000.0 / samplesPerSecond).mostBytes();
            WINDOW_BYTES.put(samplesPerSecond, known);
        }
        return known;
    }

    /** They are the same whatever the rate. */
    private static Map<String, Integer> schedulerBytes(List<String> policies) throws IOException {
        Map<String, Integer> known = SCHEDULER_BYTES.get(policies);
        if (known == null) {
            known = FullVm.mostBytes(policies);
            SCHEDULER_BYTES.put(policies, known);
        }
        return known;
    }

    private static void check(List<String> policies, int samplesPerSecond) throws IOException {
        Map<String, Integer> bytes = new TreeMap<>(schedulerBytes(policies));
        bytes.put("windows", windowBytes(samplesPerSecond));
        int total = bytes.values().stream().mapToInt(Integer::intValue).sum();
        System.out.println("state of a VM at " + samplesPerSecond + " samples a second: " + total + " bytes, at most "
                + LIMIT_BYTES + ": " + bytes);

        assertThat(total).as("%s", bytes).isLessThanOrEqualTo(LIMIT_BYTES);
    }
}
