package io.lull.job.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Constants of an enum, by their place in it; a later version finds them by their names. */
final class Symbols implements Shape {
    static final char LETTER = 'e';

    private final List<String> names;
    private final @Nullable Object[] constants;

    private Symbols(List<String> names, @Nullable Object[] constants) {
        this.names = names;
        this.constants = constants;
    }

    static Symbols of(Class<?> type) {
        Object[] constants = Objects.requireNonNull(type.getEnumConstants(), "an enum has constants");
        return new Symbols(
                Arrays.stream(constants).map(one -> ((Enum<?>) one).name()).toList(), constants);
    }

    /** Those that {@link #describe} wrote down, as the constants of {@code type}; of none where there is no such type. */
    static Symbols read(PackedReader in, @Nullable Class<?> type) {
        List<String> names = new ArrayList<>();
        for (long left = in.nextUnsigned(); left > 0; left--) {
            names.add(in.nextText());
        }
        @Nullable Object[] constants = new Object[names.size()];
        Object @Nullable [] known = type == null ? null : type.getEnumConstants();
        for (Object one : known == null ? new Object[0] : known) {
            int at = names.indexOf(((Enum<?>) one).name());
            if (at >= 0) {
                constants[at] = one;
            }
        }
        return new Symbols(names, constants);
    }

    @Override
    @SuppressWarnings("EnumOrdinal") // The names are written down in the order that the ordinals have.
    public void write(@Nullable Object value, PackedWriter out) {
        out.putUnsigned(value == null ? 0 : ((Enum<?>) value).ordinal() + 1L);
    }

    @Override
    public @Nullable Object read(PackedReader in) {
        int place = (int) in.nextUnsigned();
        return place == 0 ? null : constants[place - 1];
    }

    @Override
    public @Nullable Object copy(@Nullable Object value) {
        return value;
    }

    @Override
    public void describe(PackedWriter out) {
        out.putByte(LETTER);
        out.putUnsigned(names.size());
        names.forEach(out::putText);
    }

    @Override
    public Fit fit(Shape written) {
        if (!(written instanceof Symbols before) || !names.containsAll(before.names)) {
            return Fit.REFUSED;
        }
        return names.equals(before.names) ? Fit.SAME : Fit.MIGRATES;
    }
}
