package io.lull.job.state;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the shapes of types: from the code as it is, and from what was written down beside a savepoint. */
final class Shapes {
    private Shapes() {}

    /**
     * The shape of {@code type}: a simple type, a text, an enum, an array of any of them, a map from texts, or a public
     * class with a public constructor without parameters and nothing but public fields of such types. Anything else is
     * refused by the name of what is wrong.
     */
    static Shape of(Type type) {
        if (type instanceof ParameterizedType generic
                && generic.getRawType() == Map.class
                && generic.getActualTypeArguments()[0] == String.class) {
            return new TextMap(of(generic.getActualTypeArguments()[1]));
        }
        if (!(type instanceof Class<?> kind)) {
            throw new IllegalArgumentException(type + " can't be kept: of generic types only maps from texts can");
        }
        @Nullable Shape simple = simple(kind);
        if (simple != null) {
            return simple;
        }
        if (kind.isEnum()) {
            return Symbols.of(kind);
        }
        return kind.isArray() ? new ObjectArray(of(kind.getComponentType()), kind.getComponentType()) : fieldsOf(kind);
    }

    /** The shape that {@link Shape#describe} wrote down, for the classes that {@code loader} knows. */
    static Shape read(PackedReader in, ClassLoader loader) {
        return read(in, loader, null);
    }

    /**
     * As above.
     *
     * @param type what the code has in its place; null where it has nothing
     */
    private static Shape read(PackedReader in, ClassLoader loader, @Nullable Type type) {
        char letter = (char) in.nextByte();
        @Nullable Class<?> kind = type instanceof Class<?> known ? known : null;
        switch (letter) {
            case Symbols.LETTER:
                return Symbols.read(in, kind != null && kind.isEnum() ? kind : null);
            case ObjectArray.LETTER:
                @Nullable Class<?> component = kind == null ? null : kind.getComponentType();
                return new ObjectArray(read(in, loader, component), component);
            case TextMap.LETTER:
                return new TextMap(read(
                        in, loader, type instanceof ParameterizedType map ? map.getActualTypeArguments()[1] : null));
            case Fields.LETTER:
                return readFields(in, loader);
            default:
                return simple(letter);
        }
    }

    private static Shape readFields(PackedReader in, ClassLoader loader) {
        String className = in.nextText();
        @Nullable Class<?> type = known(className, loader);
        List<Fields.Named> fields = new ArrayList<>();
        for (long left = in.nextUnsigned(); left > 0; left--) {
            String name = in.nextText();
            @Nullable Field field = type == null ? null : fieldNamed(type, name);
            Shape shape = read(in, loader, field == null ? null : field.getGenericType());
            boolean holds = field != null && of(field.getGenericType()).fit(shape) != Shape.Fit.REFUSED;
            fields.add(new Fields.Named(name, shape, holds ? field : null));
        }
        return new Fields(className, fields, type == null ? null : constructorOf(type));
    }

    private static @Nullable Class<?> known(String className, ClassLoader loader) {
        try {
            return Class.forName(className, false, loader);
        } catch (ClassNotFoundException e) {
            // It went together with the fields that were of it.
            return null;
        }
    }

    private static @Nullable Field fieldNamed(Class<?> type, String name) {
        return keptFields(type).stream()
                .filter(field -> field.getName().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static Fields fieldsOf(Class<?> type) {
        if (type.getName().startsWith("java.")) {
            throw new IllegalArgumentException(type + " can't be kept: how it is made is not this code's to say");
        }
        for (Class<?> owner = type; owner != null && owner != Object.class; owner = owner.getSuperclass()) {
            for (Field field : owner.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                boolean kept = Modifier.isPublic(modifiers) && !Modifier.isFinal(modifiers);
                if (!Modifier.isStatic(modifiers) && !kept) {
                    throw new IllegalArgumentException(
                            field + " can't be kept: what Flink keeps is in public fields that are not final");
                }
            }
        }
        List<Fields.Named> fields = keptFields(type).stream()
                .map(field -> new Fields.Named(field.getName(), of(field.getGenericType()), field))
                .toList();
        return new Fields(type.getName(), fields, constructorOf(type));
    }

    /** In the order of their names: that of reflection is not said. */
    private static List<Field> keptFields(Class<?> type) {
        return Arrays.stream(type.getFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .sorted(Comparator.comparing(Field::getName))
                .toList();
    }

    private static Constructor<?> constructorOf(Class<?> type) {
        try {
            if (Modifier.isPublic(type.getModifiers())) {
                return type.getConstructor();
            }
            throw new IllegalArgumentException(type + " can't be kept: it is not public");
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(
                    type + " can't be kept: it has no public constructor without parameters", e);
        }
    }

    private static @Nullable Shape simple(Class<?> type) {
        if (type == boolean.class) {
            return Primitive.BOOLEAN;
        } else if (type == int.class) {
            return Primitive.INT;
        } else if (type == long.class) {
            return Primitive.LONG;
        } else if (type == double.class) {
            return Primitive.DOUBLE;
        } else if (type == String.class) {
            return Values.TEXT;
        } else if (type == byte[].class) {
            return Values.BYTES;
        } else if (type == int[].class) {
            return Values.INTS;
        } else if (type == long[].class) {
            return Values.LONGS;
        }
        return type == double[].class ? Values.DOUBLES : null;
    }

    private static Shape simple(char letter) {
        for (Primitive one : Primitive.values()) {
            if (one.letter() == letter) {
                return one;
            }
        }
        for (Values one : Values.values()) {
            if (one.letter() == letter) {
                return one;
            }
        }
        throw new IllegalStateException(
                "a savepoint tells of a shape '" + letter + "', which this version does not know");
    }
}
