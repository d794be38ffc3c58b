package io.lull.schemas.wire;

import io.lull.policy.VmId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Draws what records are made of: numbers, texts, and whether something is there. */
abstract class RandomParts {
    private static final String VM_LETTERS = "abcXYZ019._-";
    private static final String LETTERS = "aZ0 -/\"\\\u00e9\u4e2d\u0000\n";

    final Random random;

    RandomParts(long seed) {
        this.random = new Random(seed);
    }

    final VmId vm() {
        int length = random.nextInt(4) == 0 ? 128 : 1 + random.nextInt(20);
        return new VmId(letters(VM_LETTERS, length));
    }

    final String text() {
        return letters(LETTERS, random.nextInt(12));
    }

    final String word() {
        return "w" + text();
    }

    final String letters(String alphabet, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /** A length of time that can be added up: at most 1e18 ns. */
    final long duration() {
        return Math.min(1_000_000_000_000_000_000L, count());
    }

    final long count() {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> Long.MAX_VALUE;
            default -> random.nextLong() >>> (1 + random.nextInt(63));
        };
    }

    final long positive() {
        return Math.max(1, count());
    }

    final int level() {
        return (int) Math.min(count(), Integer.MAX_VALUE);
    }

    final double share() {
        return random.nextInt(4) == 0 ? random.nextInt(2) : random.nextDouble();
    }

    final double upTo(double most) {
        return share() * most;
    }

    final double rate() {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> Double.MAX_VALUE;
            case 2 -> Double.MIN_VALUE;
            default -> random.nextDouble() * 1e12;
        };
    }

    final double finite() {
        return random.nextBoolean() ? rate() : -rate();
    }

    final <E extends Enum<E>> E any(Class<E> type) {
        E[] all = type.getEnumConstants();
        return all[random.nextInt(all.length)];
    }

    final <T> List<T> list(Supplier<T> item) {
        return Stream.generate(item).limit(random.nextInt(5)).toList();
    }

    final <T> Optional<T> maybe(Supplier<T> value, boolean always) {
        return always || random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
    }

    final OptionalLong maybeLong(boolean always) {
        return always || random.nextBoolean() ? OptionalLong.of(positive()) : OptionalLong.empty();
    }
}
