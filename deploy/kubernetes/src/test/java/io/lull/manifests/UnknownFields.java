package io.lull.manifests;

import io.strimzi.api.kafka.model.common.UnknownPropertyPreserving;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Finds what a manifest says and Strimzi's classes have no field for: they keep it, in silence. */
final class UnknownFields {
    private UnknownFields() {}

    /** Paths of the fields that {@code value}, as Strimzi read it, doesn't know. */
    static List<String> of(Object value) {
        List<String> found = new ArrayList<>();
        look(value, "", found);
        return found;
    }

    private static void look(Object value, String path, List<String> found) {
        if (value instanceof Collection<?> many) {
            many.forEach(one -> look(one, path + "[]", found));
        } else if (value instanceof UnknownPropertyPreserving known) {
            Map<String, Object> unknown = known.getAdditionalProperties();
            unknown.keySet().forEach(field -> found.add(path + "." + field));
            for (Method getter : value.getClass().getMethods()) {
                if (isGetter(getter)) {
                    look(read(getter, value), path + "." + field(getter), found);
                }
            }
        }
    }

    private static boolean isGetter(Method method) {
        return method.getName().startsWith("get")
                && method.getParameterCount() == 0
                && !method.isBridge()
                && !method.getName().equals("getAdditionalProperties")
                && method.getDeclaringClass() != Object.class;
    }

    private static String field(Method getter) {
        return getter.getName().substring(3, 4).toLowerCase(java.util.Locale.ROOT)
                + getter.getName().substring(4);
    }

    private static Object read(Method getter, Object value) {
        try {
            Object read = getter.invoke(value);
            return read == null ? List.of() : read;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("can't read " + getter, e);
        }
    }
}
