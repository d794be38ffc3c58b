package io.lull.bench.job.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All that a run of the benchmark found, in the order in which it was found. */
public final class Findings {
    private final Map<String, String> conditions = new LinkedHashMap<>();
    private final List<Figure> figures = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();

    /** Notes under which condition the run was made. */
    public void condition(String name, Object value) {
        conditions.put(name, String.valueOf(value));
    }

    public void add(Figure figure) {
        figures.add(figure);
    }

    public void add(Check check) {
        checks.add(check);
    }

    /** The claims that do not hold. */
    public List<Check> missed() {
        return checks.stream().filter(check -> !check.holds()).toList();
    }

    /** For a terminal. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        conditions.forEach((name, value) -> text.append(String.format(Locale.ROOT, "%-28s %s%n", name, value)));
        text.append(System.lineSeparator());
        int width = figures.stream()
                .mapToInt(figure -> figure.name().length())
                .max()
                .orElse(1);
        for (Figure figure : figures) {
            text.append(String.format(
                    Locale.ROOT, "%-" + width + "s %14s %s%n", figure.name(), number(figure.value()), figure.unit()));
        }
        text.append(System.lineSeparator());
        checks.forEach(check -> text.append(check.inWords()).append(System.lineSeparator()));
        return text.toString();
    }

    /** For programs. */
    public String toJson() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode under = root.putObject("conditions");
        conditions.forEach(under::put);
        ArrayNode measured = root.putArray("figures");
        figures.forEach(figure -> measured.addObject()
                .put("name", figure.name())
                .put("value", figure.value())
                .put("unit", figure.unit()));
        ArrayNode claims = root.putArray("checks");
        checks.forEach(check -> claims.addObject()
                .put("claim", check.claim())
                .put("measured", check.measured())
                .put("side", check.side().name())
                .put("bound", check.bound())
                .put("holds", check.holds()));
        return root.toPrettyString() + "\n";
    }

    private static String number(double value) {
        return Math.abs(value) >= 1000
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.3f", value);
    }
}
