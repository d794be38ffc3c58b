package io.lull.job.state;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Objects of a class with public fields, field by field. What a class has lost is read and dropped; what it has gained
 * holds what its constructor gives it.
 */
final class Fields implements Shape {
    static final char LETTER = 'O';

    private final String className;
    private final List<Named> fields;

    /** Makes an object; null where the code has no such class any more. */
    private final @Nullable Constructor<?> constructor;

    /**
     * A field.
     *
     * @param field of the class as it is; null where it has none of this name and shape any more
     */
    record Named(String name, Shape shape, @Nullable Field field) {
        Named {
            if (field != null) {
                // It is public; said once, that need not be looked into at each access.
                field.setAccessible(true);
            }
        }
    }

    Fields(String className, List<Named> fields, @Nullable Constructor<?> constructor) {
        this.className = className;
        this.fields = List.copyOf(fields);
        this.constructor = constructor;
    }

    @Override
    public void write(@Nullable Object value, PackedWriter out) {
        out.putByte(value == null ? 0 : 1);
        if (value == null) {
            return;
        }
        try {
            for (int i = 0; i < fields.size(); i++) {
                Named named = fields.get(i);
                if (named.field() == null) {
                    throw new IllegalStateException(className + " has no field " + named.name()
                            + " any more: what was read by an earlier shape must be written by the present one");
                }
                named.shape().writeField(named.field(), value, out);
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("a field of " + className + " that was public is not", e);
        }
    }

    @Override
    public @Nullable Object read(PackedReader in) {
        if (in.nextByte() == 0) {
            return null;
        }
        @Nullable Object object = constructor == null ? null : made(constructor);
        try {
            for (int i = 0; i < fields.size(); i++) {
                Named named = fields.get(i);
                if (object == null || named.field() == null) {
                    named.shape().read(in);
                } else {
                    named.shape().readField(named.field(), object, in);
                }
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("a field of " + className + " that was public is not", e);
        }
        return object;
    }

    @Override
    public @Nullable Object copy(@Nullable Object value) {
        if (value == null || constructor == null) {
            return null;
        }
        Object copy = made(constructor);
        try {
            for (int i = 0; i < fields.size(); i++) {
                Named named = fields.get(i);
                if (named.field() != null) {
                    named.shape().copyField(named.field(), value, copy);
                }
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("a field of " + className + " that was public is not", e);
        }
        return copy;
    }

    @Override
    public void describe(PackedWriter out) {
        out.putByte(LETTER);
        out.putText(className);
        out.putUnsigned(fields.size());
        for (Named named : fields) {
            out.putText(named.name());
            named.shape().describe(out);
        }
    }

    @Override
    public Fit fit(Shape written) {
        if (!(written instanceof Fields before) || !className.equals(before.className)) {
            return Fit.REFUSED;
        }
        Fit fit = names().equals(before.names()) ? Fit.SAME : Fit.MIGRATES;
        for (Named named : fields) {
            for (Named other : before.fields) {
                fit = named.name().equals(other.name()) ? fit.and(named.shape().fit(other.shape())) : fit;
            }
        }
        return fit;
    }

    private List<String> names() {
        return fields.stream().map(Named::name).toList();
    }

    private Object made(Constructor<?> by) {
        try {
            return by.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no " + className + " could be made by its constructor", e);
        }
    }
}
