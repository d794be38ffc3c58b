package io.lull.schemas.wire;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The names that came lately, by their bytes: a name that comes with every sample is decoded and checked once, and is the
 * same object each time, so that it costs no memory and compares at once. Safe for use by many threads: they may miss what
 * another put there, and never take one name for another.
 *
 * <p>A name stands in one of the {@value #WAYS} places that its hash leads to. When half of all places are taken, there are
 * twice as many from then on, from {@value #FIRST_PLACES} up to {@value #MOST_PLACES}; the names that are known go with them
 * and stay the same objects, as others have kept them as keys. One that comes when all of its own are taken takes one of
 * them.
 *
 * <p>The hashes of a set stand side by side in one array, so that of many names only the one that is meant is looked at: each
 * other would be a miss or two of the processor's caches.
 *
 * @param <T> what is made of a name; immutable, by final fields, as threads hand it to each other without a lock
 */
public final class NameCache<T> {
    private static final int WAYS = 8;
    static final int FIRST_PLACES = 1 << 12;
    static final int MOST_PLACES = 1 << 18;

    /** Longer names are made anew each time, so that hostile ones take no more than 64 MiB. */
    static final int LONGEST_BYTES = 128;

    private final Function<String, T> maker;
    private final Function<T, String> nameOf;
    private volatile Places<T> places;
    private int taken;
    private int turnedOut;

    /** A hash of 0 stands for none; a value may be of another name than its hash is, where threads were at it at once. */
    @SuppressWarnings("ArrayRecordComponent") // Not compared.
    private record Places<T>(long[] hashes, @Nullable T[] values) {
        @SuppressWarnings("unchecked") // An array of a generic type.
        static <T> Places<T> empty(int size) {
            return new Places<>(new long[size], (T[]) new Object[size]);
        }

        int placeOf(long hash) {
            return (int) (hash >>> 32) & hashes.length - 1;
        }

        /** These, with as much room again; the names of one set go to two, so that each of them finds a place. */
        Places<T> twiceAsMany() {
            Places<T> more = empty(2 * hashes.length);
            for (int i = 0; i < hashes.length; i++) {
                long hash = hashes[i];
                if (hash != 0) {
                    more.take(hash, values[i]);
                }
            }
            return more;
        }

        private void take(long hash, @Nullable T value) {
            int place = placeOf(hash);
            for (int way = 0; way < WAYS; way++) {
                if (hashes[place ^ way] == 0) {
                    values[place ^ way] = value;
                    hashes[place ^ way] = hash;
                    return;
                }
            }
        }
    }

    /**
     * A cache of what {@code maker} makes of names; it may refuse one by an exception.
     *
     * @param nameOf the name of which something was made
     */
    public NameCache(Function<String, T> maker, Function<T, String> nameOf) {
        this.maker = maker;
        this.nameOf = nameOf;
        this.places = Places.empty(FIRST_PLACES);
    }

    /** What is made of the name in these {@code length} bytes from {@code from} on, as UTF-8. Only ASCII is kept. */
    public T of(byte[] bytes, int from, int length) {
        if (length > LONGEST_BYTES) {
            return make(bytes, from, length);
        }
        long hash = hash(bytes, from, length);
        Places<T> now = places;
        int place = now.placeOf(hash);
        for (int way = 0; way < WAYS; way++) {
            long there = now.hashes[place ^ way];
            if (there == 0) {
                T value = put(now, place ^ way, hash, make(bytes, from, length));
                makeRoom(now);
                return value;
            }
            if (there == hash) {
                @Nullable T value = now.values[place ^ way];
                if (value != null && is(nameOf.apply(value), bytes, from, length)) {
                    return value;
                }
            }
        }
        turnedOut++;
        return put(now, place ^ (turnedOut & WAYS - 1), hash, make(bytes, from, length));
    }

    private T make(byte[] bytes, int from, int length) {
        return maker.apply(new String(bytes, from, length, StandardCharsets.UTF_8));
    }

    private static <T> T put(Places<T> places, int place, long hash, T value) {
        places.values[place] = value;
        places.hashes[place] = hash;
        return value;
    }

    /** Names that differ in a digit have near sums; they end with the finisher of MurmurHash3. Never 0. */
    private static long hash(byte[] bytes, int from, int length) {
        long hash = length;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        hash = (hash ^ hash >>> 33) * 0xFF51AFD7ED558CCDL;
        hash = (hash ^ hash >>> 33) * 0xC4CEB9FE1A85EC53L;
        return (hash ^ hash >>> 33) | 1;
    }

    private static boolean is(String name, byte[] bytes, int from, int length) {
        if (name.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            // A byte beyond ASCII is negative and no char is.
            if (name.charAt(i) != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }

    private void makeRoom(Places<T> now) {
        // Threads that count at once make room a little later.
        taken++;
        if (taken >= now.hashes.length / 2 && now.hashes.length < MOST_PLACES && places == now) {
            places = now.twiceAsMany();
        }
    }
}
