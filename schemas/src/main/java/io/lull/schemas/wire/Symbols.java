package io.lull.schemas.wire;

/** Maps enum constants by name, in both directions. */
final class Symbols {
    private Symbols() {}

    /** The policy's constant of that name; the wire's UNKNOWN (a symbol of a newer writer, or none given) is refused. */
    static <P extends Enum<P>> P known(Class<P> type, Enum<?> symbol) {
        if (symbol.name().equals("UNKNOWN")) {
            throw new IllegalArgumentException(
                    type.getSimpleName() + " is UNKNOWN: not given, or of a writer that is newer than this reader");
        }
        return Enum.valueOf(type, symbol.name());
    }

    /** The wire's symbol of that name. */
    static <A extends Enum<A>> A symbol(Class<A> type, Enum<?> constant) {
        return Enum.valueOf(type, constant.name());
    }
}
