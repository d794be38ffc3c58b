package io.lull.cluster;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** Holds settings against the options that Flink's own classes declare: Flink itself passes over a key it doesn't know. */
final class FlinkSettings {
    private static final List<String> OPEN = List.of("metrics.reporter.prom.");
    private static final Map<String, ConfigOption<?>> OPTIONS = options();

    private FlinkSettings() {}

    /** One line for each key that no option has, and for each value that its option doesn't take. */
    static List<String> errorsOf(Map<String, String> settings) {
        List<String> errors = new ArrayList<>();
        settings.forEach((key, value) -> {
            ConfigOption<?> option = OPTIONS.get(key);
            if (option != null) {
                try {
                    Configuration configuration = new Configuration();
                    configuration.setString(key, value);
                    configuration.get(option);
                } catch (RuntimeException e) {
                    errors.add(key + ": " + e.getMessage());
                }
            } else if (OPEN.stream().noneMatch(key::startsWith)) {
                errors.add(key + ": no such option");
            }
        });
        return errors;
    }

    private static Map<String, ConfigOption<?>> options() {
        Map<String, ConfigOption<?>> options = new HashMap<>();
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (new File(element).getName().startsWith("flink-") && element.endsWith(".jar")) {
                collect(new File(element), options);
            }
        }
        return options;
    }

    private static void collect(File file, Map<String, ConfigOption<?>> options) {
        try (JarFile jar = new JarFile(file)) {
            jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.startsWith("org/apache/flink/") && name.endsWith("Options.class"))
                    .forEach(name -> collect(name.replace('/', '.').replaceFirst("\\.class$", ""), options));
        } catch (IOException e) {
            throw new IllegalStateException("can't read " + file, e);
        }
    }

    private static void collect(String className, Map<String, ConfigOption<?>> options) {
        try {
            for (Field field : Class.forName(className).getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers())
                        && Modifier.isPublic(field.getModifiers())
                        && field.getType() == ConfigOption.class) {
                    ConfigOption<?> option = (ConfigOption<?>) field.get(null);
                    options.put(option.key(), option);
                }
            }
        } catch (ReflectiveOperationException | LinkageError optionalDependencyIsMissing) {
            // Options of something that this cluster doesn't have: their keys count as unknown.
            return;
        }
    }
}
