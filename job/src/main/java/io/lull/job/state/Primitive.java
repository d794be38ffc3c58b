package io.lull.job.state;

import java.lang.reflect.Field;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The simple types; fields of them are written and read without a box. Each says in one letter what it is. */
enum Primitive implements Shape {
    BOOLEAN('z') {
        @Override
        public void write(@Nullable Object value, PackedWriter out) {
            out.putByte((Boolean) Objects.requireNonNull(value) ? 1 : 0);
        }

        @Override
        public Object read(PackedReader in) {
            return in.nextByte() != 0;
        }

        @Override
        public void writeField(Field field, Object owner, PackedWriter out) throws IllegalAccessException {
            out.putByte(field.getBoolean(owner) ? 1 : 0);
        }

        @Override
        public void readField(Field field, Object owner, PackedReader in) throws IllegalAccessException {
            field.setBoolean(owner, in.nextByte() != 0);
        }

        @Override
        public void copyField(Field field, Object from, Object to) throws IllegalAccessException {
            field.setBoolean(to, field.getBoolean(from));
        }
    },
    INT('i') {
        @Override
        public void write(@Nullable Object value, PackedWriter out) {
            out.putSigned((Integer) Objects.requireNonNull(value));
        }

        @Override
        public Object read(PackedReader in) {
            return (int) in.nextSigned();
        }

        @Override
        public void writeField(Field field, Object owner, PackedWriter out) throws IllegalAccessException {
            out.putSigned(field.getInt(owner));
        }

        @Override
        public void readField(Field field, Object owner, PackedReader in) throws IllegalAccessException {
            field.setInt(owner, (int) in.nextSigned());
        }

        @Override
        public void copyField(Field field, Object from, Object to) throws IllegalAccessException {
            field.setInt(to, field.getInt(from));
        }
    },
    LONG('l') {
        @Override
        public void write(@Nullable Object value, PackedWriter out) {
            out.putSigned((Long) Objects.requireNonNull(value));
        }

        @Override
        public Object read(PackedReader in) {
            return in.nextSigned();
        }

        @Override
        public void writeField(Field field, Object owner, PackedWriter out) throws IllegalAccessException {
            out.putSigned(field.getLong(owner));
        }

        @Override
        public void readField(Field field, Object owner, PackedReader in) throws IllegalAccessException {
            field.setLong(owner, in.nextSigned());
        }

        @Override
        public void copyField(Field field, Object from, Object to) throws IllegalAccessException {
            field.setLong(to, field.getLong(from));
        }
    },
    DOUBLE('d') {
        @Override
        public void write(@Nullable Object value, PackedWriter out) {
            out.putReal((Double) Objects.requireNonNull(value));
        }

        @Override
        public Object read(PackedReader in) {
            return in.nextReal();
        }

        @Override
        public void writeField(Field field, Object owner, PackedWriter out) throws IllegalAccessException {
            out.putReal(field.getDouble(owner));
        }

        @Override
        public void readField(Field field, Object owner, PackedReader in) throws IllegalAccessException {
            field.setDouble(owner, in.nextReal());
        }

        @Override
        public void copyField(Field field, Object from, Object to) throws IllegalAccessException {
            field.setDouble(to, field.getDouble(from));
        }
    };

    private final char letter;

    Primitive(char letter) {
        this.letter = letter;
    }

    char letter() {
        return letter;
    }

    @Override
    public @Nullable Object copy(@Nullable Object value) {
        return value;
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
