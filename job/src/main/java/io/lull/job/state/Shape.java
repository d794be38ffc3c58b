package io.lull.job.state;

import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/**
 * How values of one type are packed, and what of them is written down beside a savepoint, so that a later version of
 * the code knows what it reads. {@link Shapes} makes them.
 */
interface Shape {
    /** How what one shape wrote suits another. */
    enum Fit {
        /** Read as it is. */
        SAME,
        /** Read by the shape that wrote it, and written anew. */
        MIGRATES,
        /** Can't be read. */
        REFUSED;

        Fit and(Fit other) {
            return compareTo(other) >= 0 ? this : other;
        }
    }

    void write(@Nullable Object value, PackedWriter out);

    @Nullable
    Object read(PackedReader in);

    /** A value that does not change when {@code value} does. */
    @Nullable
    Object copy(@Nullable Object value);

    /** Writes down what {@link Shapes#read} makes this shape of again. */
    void describe(PackedWriter out);

    /** How well this shape, of the code as it is, suits what {@code written} wrote. */
    Fit fit(Shape written);

    /** Writes the field of {@code owner}. */
    default void writeField(Field field, Object owner, PackedWriter out) throws IllegalAccessException {
        write(field.get(owner), out);
    }

    /** Reads into the field of {@code owner}. */
    default void readField(Field field, Object owner, PackedReader in) throws IllegalAccessException {
        field.set(owner, read(in));
    }

    /** Copies the field from one object to the other. */
    default void copyField(Field field, Object from, Object to) throws IllegalAccessException {
        field.set(to, copy(field.get(from)));
    }
}
