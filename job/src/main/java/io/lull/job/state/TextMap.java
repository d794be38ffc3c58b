package io.lull.job.state;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps from texts to values of one type. */
final class TextMap implements Shape {
    static final char LETTER = 'M';

    private final Shape values;

    TextMap(Shape values) {
        this.values = values;
    }

    @Override
    public void write(@Nullable Object value, PackedWriter out) {
        if (value == null) {
            out.putUnsigned(0);
            return;
        }
        Map<?, ?> map = (Map<?, ?>) value;
        out.putUnsigned(map.size() + 1L);
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.putText((String) entry.getKey());
            values.write(entry.getValue(), out);
        }
    }

    @Override
    public @Nullable Object read(PackedReader in) {
        long places = in.nextUnsigned();
        if (places == 0) {
            return null;
        }
        Map<String, @Nullable Object> map = new HashMap<>();
        for (long left = places - 1; left > 0; left--) {
            map.put(in.nextText(), values.read(in));
        }
        return map;
    }

    @Override
    public @Nullable Object copy(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        Map<Object, @Nullable Object> copy = new HashMap<>();
        ((Map<?, ?>) value).forEach((key, one) -> copy.put(key, values.copy(one)));
        return copy;
    }

    @Override
    public void describe(PackedWriter out) {
        out.putByte(LETTER);
        values.describe(out);
    }

    @Override
    public Fit fit(Shape written) {
        return written instanceof TextMap before ? values.fit(before.values) : Fit.REFUSED;
    }
}
