package io.lull.job;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.flink.configuration.Configuration;

/**
 * Reads the command line: {@code --key value} for each option of the job or of Flink, and {@code --config FILE} for a
 * file of {@code key=value} lines. What stands on the command line wins over the file, wherever it stands.
 */
final class JobArguments {
    private JobArguments() {}

    static Configuration parse(String[] arguments) throws IOException {
        if (arguments.length % 2 != 0) {
            throw new IllegalArgumentException("options come as '--key value'; the last of " + arguments.length
                    + " arguments, '" + arguments[arguments.length - 1] + "', stands alone");
        }
        Configuration fromFile = new Configuration();
        Configuration fromLine = new Configuration();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!arguments[i].startsWith("--") || arguments[i].length() == 2) {
                throw new IllegalArgumentException("expected an option '--key', found '" + arguments[i] + "'");
            }
            String key = arguments[i].substring(2);
            if (key.equals("config")) {
                fromFile.addAll(load(Path.of(arguments[i + 1])));
            } else {
                fromLine.setString(key, arguments[i + 1]);
            }
        }
        fromFile.addAll(fromLine);
        return fromFile;
    }

    private static Configuration load(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        }
        Configuration configuration = new Configuration();
        properties.forEach((key, value) -> configuration.setString(key.toString(), value.toString()));
        return configuration;
    }
}
