package io.lull.job.state;

import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/** Arrays of objects; where there is none in a place, null stands there. */
final class ObjectArray implements Shape {
    static final char LETTER = 'A';

    private final Shape component;

    /** What the arrays are of; null where the code has no such class any more. */
    private final @Nullable Class<?> type;

    ObjectArray(Shape component, @Nullable Class<?> type) {
        this.component = component;
        this.type = type;
    }

    @Override
    public void write(@Nullable Object value, PackedWriter out) {
        if (value == null) {
            out.putUnsigned(0);
            return;
        }
        @Nullable Object[] elements = (@Nullable Object[]) value;
        out.putUnsigned(elements.length + 1L);
        for (@Nullable Object element : elements) {
            component.write(element, out);
        }
    }

    @Override
    public @Nullable Object read(PackedReader in) {
        int places = (int) in.nextUnsigned();
        if (places == 0) {
            return null;
        }
        Object array = Array.newInstance(type == null ? Object.class : type, places - 1);
        for (int i = 0; i < places - 1; i++) {
            Array.set(array, i, component.read(in));
        }
        return array;
    }

    @Override
    public @Nullable Object copy(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        @Nullable Object[] copy = ((@Nullable Object[]) value).clone();
        for (int i = 0; i < copy.length; i++) {
            copy[i] = component.copy(copy[i]);
        }
        return copy;
    }

    @Override
    public void describe(PackedWriter out) {
        out.putByte(LETTER);
        component.describe(out);
    }

    @Override
    public Fit fit(Shape written) {
        return written instanceof ObjectArray before ? component.fit(before.component) : Fit.REFUSED;
    }
}
