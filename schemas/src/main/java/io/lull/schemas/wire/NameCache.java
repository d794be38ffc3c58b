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
 * <p>A name stands in one of the two places that its hash leads to; one that comes when both are taken takes one of them.
 * When as many have been turned out as there are places, there are twice as many from then on, from
 * {@value #FIRST_PLACES} up to {@value #MOST_PLACES}, and all come anew.
 *
 * @param <T> what is made of a name
 */
public final class NameCache<T> {
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
        // Names that differ in a digit have near hashes; times the golden ratio, the upper bits tell them apart.
        int place = hash * 0x9E3779B9 >>> Integer.numberOfLeadingZeros(now.length - 1);
        @Nullable Known<T> first = now[place];
        if (first != null && first.is(bytes, from, length)) {
            return first.value;
        }
        @Nullable Known<T> second = now[place ^ 1];
        if (second != null && second.is(bytes, from, length)) {
            return second.value;
        }
        T value = maker.apply(new String(bytes, from, length, StandardCharsets.UTF_8));
        now[first == null ? place : place ^ 1] = new Known<>(Arrays.copyOfRange(bytes, from, from + length), value);
        if (first != null && second != null) {
            makeRoom(now.length);
        }
        return value;
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // Threads that count at once grow it a little later.
    private void makeRoom(int size) {
        turnedOut++;
        if (turnedOut >= size && size < MOST_PLACES) {
            turnedOut = 0;
            places = empty(2 * size);
        }
    }
}
