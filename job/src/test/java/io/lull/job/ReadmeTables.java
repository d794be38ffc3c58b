package io.lull.job;

import io.lull.job.monitor.JobMetric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.description.HtmlFormatter;

/** The tables in the job's README that are made from the code. */
final class ReadmeTables {
    static final Path README = Path.of("README.md");

    private ReadmeTables() {}

    /** {@code readme} with its tables as the code has them; they stand between {@code <!-- begin NAME -->} and end. */
    static String renewed(String readme) throws IOException {
        return renewed(renewed(readme, "options", options()), "metrics", metrics());
    }

    private static String renewed(String readme, String name, String table) throws IOException {
        String begin = "<!-- begin " + name + ": generated -->\n";
        String end = "<!-- end " + name + " -->";
        int from = readme.indexOf(begin);
        int to = readme.indexOf(end);
        if (from < 0 || to < from) {
            throw new IOException(README + " has no lines '" + begin.strip() + "' and '" + end + "'");
        }
        return readme.substring(0, from + begin.length()) + table + readme.substring(to);
    }

    private static String options() {
        StringBuilder table = new StringBuilder("| option | default | effect |\n|---|---|---|\n");
        for (ConfigOption<?> option : JobOptions.ALL) {
            table.append("| `%s` | %s | %s |%n".formatted(option.key(), shownDefault(option), descriptionOf(option)));
        }
        return table.toString();
    }

    private static String metrics() {
        StringBuilder table = new StringBuilder("| operator | metric | kind | what |\n|---|---|---|---|\n");
        for (JobMetric metric : JobMetric.values()) {
            table.append("| %s | `%s` | %s | %s |%n"
                    .formatted(
                            metric.operator().shown(),
                            metric.label(),
                            metric.kind().name().toLowerCase(Locale.ROOT),
                            metric.meaning()));
        }
        return table.toString();
    }

    /** What an option does, in one line. */
    static String descriptionOf(ConfigOption<?> option) {
        return new HtmlFormatter().format(option.description());
    }

    private static <T> String shownDefault(ConfigOption<T> option) {
        Configuration configuration = new Configuration();
        configuration.set(option, option.defaultValue());
        return String.valueOf(configuration.toMap().get(option.key()));
    }

    /** Writes the README anew where it differs. */
    static String write(Path to) throws IOException {
        String renewed = renewed(Files.readString(README));
        Files.writeString(to, renewed);
        return renewed;
    }
}
