package io.lull.schemas.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The names that came lately, by their bytes: a name that comes with every sample is decoded and checked once, and is the
 * same object each time, so that it costs no memory and compares at once. Names stand in {@value #PLACES} places by their
 * hash; one that comes for a place that is taken takes it. Safe for use by many threads: they may miss what another put
 * there, and never see half of it.
 *
 * @param <T> what is made of a name
 */
public final class NameCache<T> {
    static final int PLACES = 1 << 14;

    /** Longer names are made anew each time, so that hostile ones take no more than 2 MiB. */
    static final int LONGEST_BYTES = 128;

    private final Function<String, T> maker;
    private final @Nullable Known<T>[] places;

    @SuppressWarnings("ArrayRecordComponent") // Compared by what is in it, here alone.
    private record Known<T>(byte[] name, T value) {}

    /** A cache of what {@code maker} makes of names; it may refuse one by an exception. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // An array of a generic type.
    public NameCache(Function<String, T> maker) {
        this.maker = maker;
        this.places = new Known[PLACES];
    }

    /** What is made of the name in these {@code length} bytes from {@code from} on, as UTF-8. */
    public T of(byte[] bytes, int from, int length) {
        if (length > LONGEST_BYTES) {
            return maker.apply(new String(bytes, from, length, StandardCharsets.UTF_8));
        }
        int hash = length;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        int place = (hash ^ hash >>> 15) & PLACES - 1;
        @Nullable Known<T> known = places[place];
        if (known != null && Arrays.equals(known.name, 0, known.name.length, bytes, from, from + length)) {
            return known.value;
        }
        T value = maker.apply(new String(bytes, from, length, StandardCharsets.UTF_8));
        places[place] = new Known<>(Arrays.copyOfRange(bytes, from, from + length), value);
        return value;
    }
}
