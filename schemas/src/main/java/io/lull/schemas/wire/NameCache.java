package io.lull.schemas.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The names that came lately, by their bytes: a name that comes with every sample is decoded and checked once, and is the
 * same object each time, so that it costs no memory and compares at once. Safe for use by many threads: they may miss what
 * another put there, and never see half of it.
 *
 * <p>A name stands in one of the {@value #WAYS} places that its hash leads to; one that comes when all are taken takes one
 * of them. When an eighth as many have been turned out as there are places, there are twice as many from then on, from
 * {@value #FIRST_PLACES} up to {@value #MOST_PLACES}, and all come anew.
 *
 * @param <T> what is made of a name
 */
public final class NameCache<T> {
    private static final int WAYS = 4;
    private static final int CROWDED = 8;
    static final int FIRST_PLACES = 1 << 12;
    static final int MOST_PLACES = 1 << 18;

    /** Longer names are made anew each time, so that hostile ones take no more than 32 MiB. */
    static final int LONGEST_BYTES = 128;

    private final Function<String, T> maker;
    private volatile @Nullable Known<T>[] places;
    private int turnedOut;

    @SuppressWarnings("ArrayRecordComponent") // Compared by what is in it, here alone.
    private record Known<T>(byte[] name, T value) {
        boolean is(byte[] bytes, int from, int length) {
            return Arrays.equals(name, 0, name.length, bytes, from, from + length);
        }
    }

    /** A cache of what {@code maker} makes of names; it may refuse one by an exception. */
    public NameCache(Function<String, T> maker) {
        this.maker = maker;
        this.places = empty(FIRST_PLACES);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // An array of a generic type.
    private static <T> @Nullable Known<T>[] empty(int size) {
        return new Known[size];
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
        @Nullable Known<T>[] now = places;
        int place = spread(hash) & now.length - 1;
        for (int way = 0; way < WAYS; way++) {
            @Nullable Known<T> known = now[place ^ way];
            if (known == null) {
                return put(now, place ^ way, bytes, from, length);
            }
            if (known.is(bytes, from, length)) {
                return known.value;
            }
        }
        int way = turnedOut & WAYS - 1;
        makeRoom(now.length);
        return put(now, place ^ way, bytes, from, length);
    }

    /** Names that differ in a digit have near hashes; this is the finisher of MurmurHash3. */
    private static int spread(int hash) {
        int spread = (hash ^ hash >>> 16) * 0x85EBCA6B;
        spread = (spread ^ spread >>> 13) * 0xC2B2AE35;
        return spread ^ spread >>> 16;
    }

    private T put(@Nullable Known<T>[] places, int place, byte[] bytes, int from, int length) {
        T value = maker.apply(new String(bytes, from, length, StandardCharsets.UTF_8));
        places[place] = new Known<>(Arrays.copyOfRange(bytes, from, from + length), value);
        return value;
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // Threads that count at once grow it a little later.
    private void makeRoom(int size) {
        turnedOut++;
        if (turnedOut >= size / CROWDED && size < MOST_PLACES) {
            turnedOut = 0;
            places = empty(2 * size);
        }
    }
}
