package io.lull.job.state;

import org.jspecify.annotations.Nullable;

/** Texts and arrays of numbers, after a byte that is 0 for null. Each says in one letter what it is. */
enum Values implements Shape {
    TEXT('t') {
        @Override
        void put(Object value, PackedWriter out) {
            out.putText((String) value);
        }

        @Override
        Object next(PackedReader in) {
            return in.nextText();
        }

        @Override
        Object copied(Object value) {
            return value;
        }
    },
    BYTES('B') {
        @Override
        void put(Object value, PackedWriter out) {
            out.putBytes((byte[]) value);
        }

        @Override
        Object next(PackedReader in) {
            return in.nextBytes();
        }

        @Override
        Object copied(Object value) {
            return ((byte[]) value).clone();
        }
    },
    INTS('I') {
        @Override
        void put(Object value, PackedWriter out) {
            int[] numbers = (int[]) value;
            out.putUnsigned(numbers.length);
            for (int number : numbers) {
                out.putSigned(number);
            }
        }

        @Override
        Object next(PackedReader in) {
            int[] numbers = new int[(int) in.nextUnsigned()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (int) in.nextSigned();
            }
            return numbers;
        }

        @Override
        Object copied(Object value) {
            return ((int[]) value).clone();
        }
    },
    LONGS('L') {
        @Override
        void put(Object value, PackedWriter out) {
            long[] numbers = (long[]) value;
            out.putUnsigned(numbers.length);
            for (long number : numbers) {
                out.putSigned(number);
            }
        }

        @Override
        Object next(PackedReader in) {
            long[] numbers = new long[(int) in.nextUnsigned()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = in.nextSigned();
            }
            return numbers;
        }

        @Override
        Object copied(Object value) {
            return ((long[]) value).clone();
        }
    },
    DOUBLES('D') {
        @Override
        void put(Object value, PackedWriter out) {
            double[] numbers = (double[]) value;
            out.putUnsigned(numbers.length);
            for (double number : numbers) {
                out.putReal(number);
            }
        }

        @Override
        Object next(PackedReader in) {
            double[] numbers = new double[(int) in.nextUnsigned()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = in.nextReal();
            }
            return numbers;
        }

        @Override
        Object copied(Object value) {
            return ((double[]) value).clone();
        }
    };

    private final char letter;

    Values(char letter) {
        this.letter = letter;
    }

    abstract void put(Object value, PackedWriter out);

    abstract Object next(PackedReader in);

    abstract Object copied(Object value);

    char letter() {
        return letter;
    }

    @Override
    public void write(@Nullable Object value, PackedWriter out) {
        out.putByte(value == null ? 0 : 1);
        if (value != null) {
            put(value, out);
        }
    }

    @Override
    public @Nullable Object read(PackedReader in) {
        return in.nextByte() == 0 ? null : next(in);
    }

    @Override
    public @Nullable Object copy(@Nullable Object value) {
        return value == null ? null : copied(value);
    }

    @Override
    public void describe(PackedWriter out) {
        out.putByte(letter);
    }

    @Override
    public Fit fit(Shape written) {
        return written == this ? Fit.SAME : Fit.REFUSED;
    }
}
