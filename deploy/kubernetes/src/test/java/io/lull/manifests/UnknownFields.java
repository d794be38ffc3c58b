package io.lull.manifests;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds what a manifest says and Strimzi's or Kubernetes' classes have no field for: they keep it, in silence. */
final class UnknownFields {
    private static final String UNKNOWN = "getAdditionalProperties";

    private UnknownFields() {}

    /** Paths of the fields that {@code value}, as they read it, doesn't know. */
    static List<String> of(@Nullable Object value) {
        List<String> found = new ArrayList<>();
        look(value, "", found);
        return found;
    }

    private static void look(@Nullable Object value, String path, List<String> found) {
        if (value == null) {
            return;
        }
        if (value instanceof Collection<?> many) {
            many.forEach(one -> look(one, path + "[]", found));
        } else if (keepsUnknown(value)) {
            for (Method getter : value.getClass().getMethods()) {
                if (getter.getName().equals(UNKNOWN)) {
                    ((Map<?, ?>) read(getter, value)).keySet().forEach(field -> found.add(path + "." + field));
                } else if (isGetter(getter)) {
                    look(read(getter, value), path + "." + field(getter), found);
                }
            }
        }
    }

    private static boolean keepsUnknown(Object value) {
        return Arrays.stream(value.getClass().getMethods())
                .anyMatch(method -> method.getName().equals(UNKNOWN) && method.getParameterCount() == 0);
    }

    private static boolean isGetter(Method method) {
        return method.getName().startsWith("get")
                && method.getParameterCount() == 0
                && !method.isBridge()
                && !method.getName().equals(UNKNOWN)
                && method.getDeclaringClass() != Object.class;
    }

    private static String field(Method getter) {
        return getter.getName().substring(3, 4).toLowerCase(java.util.Locale.ROOT)
                + getter.getName().substring(4);
    }

    private static Object read(Method getter, Object value) {
        try {
            Object read = getter.invoke(value);
            return read == null ? (getter.getReturnType() == Map.class ? Map.of() : List.of()) : read;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("can't read " + getter, e);
        }
    }
}
