package io.lull.job.state;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Objects of state with something in every field, and what is in them as plain values. */
final class FilledState {
    private final Random random;

    FilledState(long seed) {
        this.random = new Random(seed);
    }

    /** All classes of Lull that are kept when {@code root} is, itself first. */
    static Set<Class<?>> classesOf(Class<?> root) {
        Set<Class<?>> found = new LinkedHashSet<>();
        collect(root, found);
        return found;
    }

    private static void collect(Type type, Set<Class<?>> found) {
        if (type instanceof ParameterizedType generic) {
            for (Type argument : generic.getActualTypeArguments()) {
                collect(argument, found);
            }
        } else if (type instanceof Class<?> raw) {
            Class<?> element = raw.isArray() ? raw.getComponentType() : raw;
            if (element.getName().startsWith("io.lull.") && !element.isEnum() && found.add(element)) {
                for (Field field : element.getFields()) {
                    collect(field.getGenericType(), found);
                }
            }
        }
    }

    /** A new object of {@code type}, in which nothing is as its constructor leaves it. */
    Object fill(Class<?> type) throws ReflectiveOperationException {
        Object object = type.getConstructor().newInstance();
        for (Field field : type.getFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                field.set(object, value(field.getGenericType()));
            }
        }
        return object;
    }

    private Object value(Type type) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType map) {
            return Map.of(text(), value(map.getActualTypeArguments()[1]));
        }
        Class<?> raw = (Class<?>) type;
        if (raw == boolean.class) {
            return true;
        } else if (raw == byte.class) {
            return (byte) (1 + random.nextInt(100));
        } else if (raw == int.class) {
            return 1 + random.nextInt(1000);
        } else if (raw == long.class) {
            return 1 + random.nextLong(1L << 60);
        } else if (raw == double.class) {
            return 1 + random.nextDouble();
        } else if (raw == String.class) {
            return text();
        } else if (raw.isEnum()) {
            Object[] constants = raw.getEnumConstants();
            return constants[constants.length - 1];
        } else if (raw.isArray()) {
            Object array = Array.newInstance(raw.getComponentType(), 3);
            for (int i = 0; i < 3; i++) {
                Array.set(array, i, value(raw.getComponentType()));
            }
            return array;
        }
        return fill(raw);
    }

    private String text() {
        return "text " + random.nextInt(1000);
    }

    /** Every value in {@code object}, by the path of fields that leads to it; comparable between class loaders. */
    static Map<String, String> valuesOf(Object object) throws ReflectiveOperationException {
        Map<String, String> values = new TreeMap<>();
        list("", object, values);
        return values;
    }

    private static void list(String path, Object value, Map<String, String> values)
            throws ReflectiveOperationException {
        if (value == null
                || value instanceof Enum<?>
                || value.getClass().getName().startsWith("java.lang.")) {
            values.put(path, String.valueOf(value));
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                list(path + "." + entry.getKey(), entry.getValue(), values);
            }
        } else if (value.getClass().isArray()) {
            Object[] elements = new Object[Array.getLength(value)];
            Arrays.setAll(elements, i -> Array.get(value, i));
            for (int i = 0; i < elements.length; i++) {
                list(path + "[" + i + "]", elements[i], values);
            }
        } else {
            for (Field field : value.getClass().getFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    list(path + "." + field.getName(), field.get(value), values);
                }
            }
        }
    }
}
