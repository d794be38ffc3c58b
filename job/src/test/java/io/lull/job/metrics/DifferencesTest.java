package io.lull.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.WindowEpochs;
import io.lull.policy.signal.WindowMetrics;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** The comparison with the brute force can fail in every field that a window has. */
class DifferencesTest {
    private static final WindowMetrics WINDOW = new WindowMetrics(
            new VmId("vm"),
            100_000,
            100_000_000,
            Optional.of(new WindowMetrics.Load(
                    100,
                    new WindowMetrics.Rates(10, 20, 30, 40, 50),
                    0.5,
                    new WindowMetrics.IdleSlots(
                            10,
                            0.5,
                            Optional.of(new WindowMetrics.SlotTimes(
                                    10, OptionalDouble.of(100), 100, OptionalDouble.of(200)))),
                    new WindowMetrics.Peaks(100, 200, 30, 40, 50, 60),
                    Optional.of(new WindowMetrics.Levels(0.9, 10, 20, 30, 40, 0.5, 60, 7, 8, 9, 10, 110)))),
            Optional.of(new WindowMetrics.Dirtying(DirtySource.PREDICTED, 20, List.of(19.0, 1.0), 1.9)),
            Optional.of(new WindowMetrics.DirtyFit(100, 0.5)),
            Optional.of(new WindowEpochs(
                    10,
                    new WindowEpochs.Times(100, Optional.of(new WindowEpochs.Tails(200, 300)), 400),
                    new WindowEpochs.Times(100, Optional.of(new WindowEpochs.Tails(200, 300)), 400),
                    50,
                    Optional.of(new WindowEpochs.Release(Map.of(TriggerReason.T_MAX, 10L), 10, 20, 30)),
                    Optional.of(new WindowEpochs.Coding(
                            10, 0.1, 0.2, 0.3, 100, 200, OptionalDouble.of(0.5), OptionalDouble.of(0.6))))),
            Optional.of(new WindowMetrics.Link(100, OptionalDouble.of(0.5), 100)));

    /** All values that differ from {@code value} in one place. */
    private static List<Object> variants(Object value) {
        if (value instanceof VmId) {
            return List.of(new VmId("other"));
        } else if (value instanceof Record) {
            return recordVariants(value);
        } else if (value instanceof Optional<?> some) {
            List<Object> all = new ArrayList<>(List.of(Optional.empty()));
            variants(some.orElseThrow()).forEach(variant -> all.add(Optional.of(variant)));
            return all;
        } else if (value instanceof OptionalDouble some) {
            return List.of(OptionalDouble.empty(), OptionalDouble.of(some.orElseThrow() * 0.9));
        } else if (value instanceof List<?> list) {
            return List.of(list.subList(1, list.size()), List.of(19.0, 0.9));
        } else if (value instanceof Map<?, ?>) {
            return List.of(Map.of(TriggerReason.T_MAX, 9L), Map.of(TriggerReason.INTERVAL, 10L));
        } else if (value instanceof DirtySource) {
            return List.of(DirtySource.KVM_STATS);
        } else if (value instanceof Double number) {
            return List.of(number * 0.9);
        } else if (value instanceof Long number) {
            return List.of(number * 9 / 10);
        } else if (value instanceof Integer number) {
            return List.of(number * 9 / 10);
        }
        throw new IllegalStateException("no variant of " + value);
    }

    private static List<Object> recordVariants(Object owner) {
        RecordComponent[] parts = owner.getClass().getRecordComponents();
        Object[] values =
                Arrays.stream(parts).map(part -> Differences.value(part, owner)).toArray();
        Class<?>[] types = Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < parts.length; i++) {
            for (Object variant : variants(values[i])) {
                Object[] changed = values.clone();
                changed[i] = variant;
                try {
                    all.add(owner.getClass().getConstructor(types).newInstance(changed));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException("no variant of " + parts[i], e);
                }
            }
        }
        return all;
    }

    @Test
    void everyFieldCounts() {
        List<Object> variants = variants(WINDOW);

        assertThat(variants).hasSizeGreaterThan(70);
        assertThat(variants).allSatisfy(variant -> assertThat(Differences.between(WINDOW, (WindowMetrics) variant))
                .as("%s", variant)
                .hasSize(1));
        assertThat(Differences.between(WINDOW, WINDOW)).isEmpty();
    }
}
