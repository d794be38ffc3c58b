package io.lull.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

/** What the README says of options and metrics is what the code has. */
class ReadmeTablesTest {
    /** For each option a value that is not its default. */
    private static final Map<ConfigOption<?>, String> OTHERS = Map.ofEntries(
            Map.entry(JobOptions.BOOTSTRAP_SERVERS, "kafka:9093"),
            Map.entry(JobOptions.TOPIC_PREFIX, "site-a"),
            Map.entry(JobOptions.POLICY, "lull"),
            Map.entry(JobOptions.INTERVAL, "30 ms"),
            Map.entry(JobOptions.MAX_EPOCH, "70 ms"),
            Map.entry(JobOptions.PLACEMENT, "BOTH"),
            Map.entry(JobOptions.LEASE, "5 s"),
            Map.entry(JobOptions.REASSERT, "200 ms"),
            Map.entry(JobOptions.STALENESS, "3 s"),
            Map.entry(JobOptions.COMMAND_EXPIRY, "20 ms"),
            Map.entry(JobOptions.FORGET_AFTER, "2 h"),
            Map.entry(JobOptions.DELIVERY, "EXACTLY_ONCE"),
            Map.entry(JobOptions.METRICS, "false"));

    @Test
    void theTablesAreThoseThatTheCodeGenerates() throws IOException {
        Path renewed = Path.of("target/README.md");

        assertThat(Files.readString(ReadmeTables.README))
                .as("the tables are out of date: cp job/%s job/README.md", renewed)
                .isEqualTo(ReadmeTables.write(renewed));
    }

    @Test
    void everyOptionIsListedAndDescribed() {
        List<Object> declared = Stream.of(JobOptions.class.getFields())
                .filter(field -> field.getType() == ConfigOption.class)
                .map(ReadmeTablesTest::value)
                .toList();

        assertThat(JobOptions.ALL)
                .hasSameElementsAs(declared.stream()
                        .map(option -> (ConfigOption<?>) option)
                        .toList());
        for (ConfigOption<?> option : JobOptions.ALL) {
            assertThat(option.key()).startsWith("lull.");
            assertThat(option.hasDefaultValue()).as(option.key()).isTrue();
            assertThat(ReadmeTables.descriptionOf(option))
                    .as(option.key())
                    .endsWith(".")
                    .hasSizeGreaterThan(30);
        }
    }

    @Test
    void everyOptionIsReadAndHasAnEffect() {
        JobSettings byDefault = JobSettings.of(new Configuration());
        Map<String, JobSettings> byOption = new HashMap<>();
        for (ConfigOption<?> option : JobOptions.ALL) {
            assertThat(OTHERS).as("another value of " + option.key()).containsKey(option);
            Configuration configuration = new Configuration();
            configuration.setString(option.key(), OTHERS.get(option));
            byOption.put(option.key(), JobSettings.of(configuration));
        }

        assertThat(byOption).allSatisfy((key, settings) -> assertThat(settings).isNotEqualTo(byDefault));
        assertThat(byOption.values()).as("no two have the same effect").doesNotHaveDuplicates();
    }

    private static Object value(Field field) {
        try {
            return field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(field + " is not public", e);
        }
    }
}
